#!/usr/bin/env node
/** `node scripts/run.mjs soak --minutes 1`: one built program with its own arguments. */
import { runProgram } from './run-program.mjs';

const [program = '', ...args] = process.argv.slice(2);
await runProgram(program, args);
