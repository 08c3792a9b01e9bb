/**
 * The server program: one member of the cluster as one process. Started by the lab with its orders in the environment
 * (they hold the run's secret) and `--run <id> --server S1` in argv, so that a survivor can be found.
 */
import { parseServerSpec } from '../core/wire/index.ts';
import { startProgram } from '../program/start-program.ts';
import { serverWayOut } from './exit.ts';
import { runServer } from './program.ts';

await startProgram({
  variable: 'RAFT_LAB_SERVER',
  parse: parseServerSpec,
  wayOut: (error, { server }) => serverWayOut(error, server),
  start: runServer,
});
