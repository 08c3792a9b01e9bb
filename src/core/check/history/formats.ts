/** Formats of published histories; read-history.ts describes each. */
export const HISTORY_FORMATS = ['jepsen-edn', 'jepsen-log', 'porcupine-kv'] as const;

/** Name of a format, as in `raft-lab check --format`. */
export type HistoryFormat = (typeof HISTORY_FORMATS)[number];
