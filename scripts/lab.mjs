#!/usr/bin/env node
/**
 * `raft-lab COMMAND`, in the repository `npm run -s lab -- COMMAND`. `serve` is `npm start` in the browser, `view` the same with
 * a recording and without a cluster; every other command is the terminal program's.
 */
const [command, ...rest] = process.argv.slice(2);
const wantsHelp = rest.includes('--help') || rest.includes('-h');
const asStart = { serve: ['--browser'], view: ['--browser', '--view'] }[command];

if (asStart !== undefined && !wantsHelp) {
  process.argv.splice(2, process.argv.length, ...asStart, ...withoutLanguage(rest));
  await import('./start.mjs');
} else {
  const { runProgram } = await import('./run-program.mjs');
  await runProgram('cli', process.argv.slice(2));
}

/** The dashboard has a language of its own; what is said before it is there follows the terminal's. */
function withoutLanguage(args) {
  const at = args.indexOf('--lang');
  if (at === -1) return args.filter((word) => !word.startsWith('--lang='));
  process.env.LC_ALL = args[at + 1] === 'zh-CN' ? 'zh_CN.UTF-8' : 'en_US.UTF-8';
  return args.toSpliced(at, 2);
}
