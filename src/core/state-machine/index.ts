/** The public surface of the replicated state machine. */
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
