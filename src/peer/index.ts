/**
 * The server program: one member of the cluster as one process. The lab starts it with its orders in the environment,
 * because they hold the run's secret. The arguments `--run <id> --server S1` let the lab find a leftover process.
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
