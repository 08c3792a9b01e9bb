/** How a recording leaves the lab; each format has its writer in `src/recording/export-run.ts`. */
export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];
