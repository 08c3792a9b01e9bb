/** Sentences of the scripts in the terminal's language, from the same files as the dashboard's words. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {Record<string, string | undefined>} env
 * @returns {'en' | 'zh-CN'} any Chinese locale is Simplified Chinese here, all others are English
 */
export function terminalLanguage(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  return locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/**
 * @param {string} root  the project's folder
 * @param {Record<string, string | undefined>} env
 * @returns {(key: string, params?: Record<string, string | number>) => string} the sentence `start.<key>`, filled in
 */
export function createWords(root, env) {
  const file = join(root, 'resources', 'words', `${terminalLanguage(env)}.json`);
  const sentences = JSON.parse(readFileSync(file, 'utf8')).start;
  return (key, params = {}) => {
    const sentence = sentences[key];
    if (typeof sentence !== 'string') throw new Error(`${file} has no sentence start.${key}`);
    return sentence.replace(/\{\{(\w+)\}\}/g, (_whole, name) => String(params[name]));
  };
}
