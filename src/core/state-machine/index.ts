/** The public surface of the replicated state machine. */
export {
  type Answer,
  applyEntry,
  emptyMachine,
  keyCount,
  type Machine,
  type StorePage,
  sessionCount,
  storePage,
} from './machine.ts';
