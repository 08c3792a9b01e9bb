/** The public surface of the replicated state machine. */
export type { Command, CommandResult } from './commands.ts';
export { MAX_KEY_LENGTH, MAX_VALUE_LENGTH } from './commands.ts';
export {
  type Answer,
  type Applied,
  applyEntry,
  emptyMachine,
  keyCount,
  type Machine,
  type Session,
  type StoreItem,
  type StorePage,
  sessionCount,
  storePage,
} from './machine.ts';
export { parseCommand } from './parse-command.ts';
