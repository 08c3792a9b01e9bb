/**
 * The server program: one member of the cluster as one process. Started by the lab with its orders in the environment
 * (they hold the run's secret) and `--run <id> --server S1` in argv, so that a survivor can be found.
 */
import { EXIT, isProblem, parseServerSpec } from '../core/wire/index.ts';
import { exitBecause } from './exit.ts';
import { runServer, type ServerProgram } from './program.ts';

// Before anything else: when the lab dies, the other end of stdin closes, and so does this program.
for (const end of ['end', 'close', 'error'] as const) process.stdin.on(end, () => process.exit(EXIT.controlClosed));
process.stdin.resume();
// Ctrl-C in a terminal reaches the whole group; the lab decides in which order things stop.
process.on('SIGINT', () => undefined);

const spec = parseServerSpec(process.env.RAFT_LAB_SERVER ?? '');
// Read; nothing this process might start or print shall find the secret.
delete process.env.RAFT_LAB_SERVER;

if (isProblem(spec)) {
  console.error(`RAFT_LAB_SERVER: ${spec.problem}`);
  process.exit(EXIT.badSpec);
}

const fail = (error: unknown): never => exitBecause(error, spec.server);
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

let program: ServerProgram | null = null;
process.on('SIGTERM', () => {
  // Before the server is ready there is nothing to complete: the next start finishes any half-made file.
  if (program === null) process.exit(EXIT.ok);
  program.stop().then(() => process.exit(EXIT.ok), fail);
});

try {
  program = await runServer(spec, () => process.exit(EXIT.controlClosed), fail);
} catch (error) {
  fail(error);
}
