/** Terms of the paper for modules that describe a cluster without running its consensus: judges and doors. */
export type {
  Chain,
  EntryContent,
  Json,
  LogEntry,
  LogIndex,
  ProtocolFlags,
  RoleName,
  ServerId,
  Term,
  TermRun,
  WireEntry,
} from '../raft/types.ts';
