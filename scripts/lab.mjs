#!/usr/bin/env node
/**
 * `raft-lab COMMAND`; in the repository `npm run -s lab -- COMMAND`. `serve` is `npm start` in the browser. `view` is
 * the same with a recording instead of a cluster. The terminal program has all other commands.
 */
const [command, ...rest] = process.argv.slice(2);
const wantsHelp = rest.includes('--help') || rest.includes('-h');
/** @type {Record<string, readonly string[]>} */
const START_OPTIONS = { serve: ['--browser'], view: ['--browser', '--view'] };
const asStart = START_OPTIONS[command ?? ''];

if (asStart !== undefined && !wantsHelp) {
  process.argv.splice(2, process.argv.length, ...asStart, ...withoutLanguage(rest));
  await import('./start.mjs');
} else {
  const { runProgram } = await import('./run-program.mjs');
  await runProgram('cli', process.argv.slice(2));
}

/**
 * Removes `--lang`, because the dashboard chooses its own language and the lines printed before follow the terminal's.
 *
 * @param {readonly string[]} args
 */
function withoutLanguage(args) {
  const at = args.indexOf('--lang');
  if (at === -1) return args.filter((word) => !word.startsWith('--lang='));
  process.env.LC_ALL = args[at + 1] === 'zh-CN' ? 'zh_CN.UTF-8' : 'en_US.UTF-8';
  return args.toSpliced(at, 2);
}
