/**
 * The network program. Every message between servers, and between clients and servers, passes through it, so that it
 * can be delayed, dropped and recorded. The lab starts it with its spec in the environment and `--run <id>` in argv.
 */
import { parseNetworkSpec } from '../core/wire/index.ts';
import { startProgram } from '../program/start-program.ts';
import { wayOut } from '../program/way-out.ts';
import { runNetwork } from './program.ts';

await startProgram({
  variable: 'RAFT_LAB_NETWORK',
  parse: parseNetworkSpec,
  wayOut: (error) => wayOut(error, 'the network process', 'the run'),
  start: runNetwork,
});
