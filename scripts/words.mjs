/** The scripts' sentences, in the language of the terminal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {Record<string, string | undefined>} env
 * @returns {'en' | 'zh-CN'} Simplified Chinese for any Chinese locale, English for all others
 */
export function terminalLanguage(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  return locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/**
 * @param {string} root  the project's folder
 * @param {Record<string, string | undefined>} env
 * @returns {(key: string, params?: Record<string, string | number>) => string} returns the sentence `start.<key>` with
 *   its parameters filled in
 */
export function createWords(root, env) {
  const file = join(root, 'resources', 'words', 'start.json');
  const { start } = JSON.parse(readFileSync(file, 'utf8'));
  const language = terminalLanguage(env);
  return (key, params = {}) => {
    const sentence = start[key]?.[language];
    if (typeof sentence !== 'string') throw new Error(`${file} has no sentence start.${key} in ${language}`);
    return sentence.replace(/\{\{(\w+)\}\}/g, (_whole, name) => String(params[name]));
  };
}
