/** Linearizability of client histories: of a run, and of histories published elsewhere. */
export { HISTORY_FORMATS, type HistoryFormat } from './formats.ts';
export { ClientHistory } from './from-trace.ts';
export { type HistoryVerdict, judgeHistory, USUAL_LIMITS } from './judge-history.ts';
export { register, text } from './models.ts';
export type { Model, Operation } from './operation.ts';
export { HistoryProblem, HistoryReader, judgeHistoryText } from './read-history.ts';
export type { Limits } from './search.ts';
