/** Linearizability of client histories: of a run, and of histories published elsewhere. */
export { HISTORY_FORMATS, type HistoryFormat } from './formats.ts';
export { ClientHistory } from './from-trace.ts';
export { type HistoryVerdict, judgeHistory } from './judge-history.ts';
export { register } from './models.ts';
export type { Operation } from './operation.ts';
export { HistoryProblem, HistoryReader, judgeHistoryText } from './read-history.ts';
