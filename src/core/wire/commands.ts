/** The words of the store for everyone who only talks to it: clients, traces, doors. */
export type { Command, CommandResult } from '../state-machine/commands.ts';
