/**
 * The links' program: every message between servers and between clients and servers crosses it, so that it can be
 * delayed, cut and witnessed. Started by the lab with its spec in the environment and `--run <id>` in argv.
 */
import { EXIT, isProblem, parseNetworkSpec } from '../core/wire/index.ts';
import { type NetworkProgram, runNetwork } from './program.ts';

/** How long the last events may take to leave on an ordered stop. */
const LAST_WORDS_MS = 200;

// Before anything else: when the lab dies, the other end of stdin closes, and so does this program.
for (const end of ['end', 'close', 'error'] as const) process.stdin.on(end, () => process.exit(EXIT.controlClosed));
process.stdin.resume();
// Ctrl-C in a terminal reaches the whole group; it is the lab that decides in which order things stop.
process.on('SIGINT', () => undefined);

const spec = parseNetworkSpec(process.env.RAFT_LAB_NETWORK ?? '');
// The secret has been read; nothing this process might start or print shall find it.
delete process.env.RAFT_LAB_NETWORK;

if (isProblem(spec)) {
  console.error(`RAFT_LAB_NETWORK: ${spec.problem}`);
  process.exit(EXIT.badSpec);
}

let program: NetworkProgram | null = null;
process.on('SIGTERM', () => {
  program?.stop();
  // A lab that does not answer the close shall not keep this process alive.
  setTimeout(() => process.exit(EXIT.ok), program === null ? 0 : LAST_WORDS_MS);
});

try {
  program = await runNetwork(spec, () => process.exit(EXIT.controlClosed));
} catch (error) {
  console.error(`cannot open the network's port: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(EXIT.crashed);
}
