/** The forms in which histories are published and read; read-history.ts describes each. */
export const HISTORY_FORMATS = ['jepsen-edn', 'jepsen-log', 'porcupine-kv'] as const;

/** The name of a form, as `raft-lab check --format` takes it. */
export type HistoryFormat = (typeof HISTORY_FORMATS)[number];
