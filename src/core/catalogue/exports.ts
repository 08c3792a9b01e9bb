/**
 * The formats in which a recording leaves the lab, one row each. Save dialog, download, terminal and the docs follow. Flow of a
 * new format: a row here, its writer in src/core/export with a line in `WRITERS` (src/recording/export-run.ts), and its
 * section in docs/trace-format.md.
 */

/** One format. */
export interface ExportRow {
  /** Of the file's name, without its dot. */
  readonly extension: string;
  /** Content type of a download. */
  readonly mime: string;
  /** Name in the system's save dialog, the same in every language. */
  readonly title: string;
  /** The file cannot show where the recording is damaged: it ends before that line. */
  readonly endsAtDamage: boolean;
}

/** Every format by its name. */
export const EXPORTS = {
  /** The recording itself, one JSON object a line. */
  jsonl: { extension: 'jsonl', mime: 'application/x-ndjson', title: 'JSON Lines', endsAtDamage: false },
  /** A table for spreadsheets, one event a row. */
  csv: { extension: 'csv', mime: 'text/csv', title: 'CSV', endsAtDamage: true },
} as const satisfies Readonly<Record<string, ExportRow>>;

/** Name of a format. */
export type ExportFormat = keyof typeof EXPORTS;

/** Names of all formats; the first is the one that is used unless another is chosen. */
export const EXPORT_FORMATS = Object.keys(EXPORTS) as [ExportFormat, ...ExportFormat[]];

/** The format of this name; null when there is no such format. */
export function formatNamed(name: string): ExportFormat | null {
  return EXPORT_FORMATS.find((format) => format === name) ?? null;
}

/** The format that the ending of a file's name stands for; the first one for any other ending. */
export function formatOfFile(file: string): ExportFormat {
  return (
    EXPORT_FORMATS.find((format) => file.toLowerCase().endsWith(`.${EXPORTS[format].extension}`)) ?? EXPORT_FORMATS[0]
  );
}
