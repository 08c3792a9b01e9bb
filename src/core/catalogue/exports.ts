/**
 * The formats in which a recording leaves the lab, one row each. Save dialog, download and terminal follow. Flow of a new
 * format: a row here, its dialect in src/core/export/table.ts, its name in `option-format` of resources/words/terminal.json,
 * and its section in docs/trace-format.md.
 */

/** One format. */
export interface ExportRow {
  /** Extension of the file's name, without its dot. */
  readonly extension: string;
  /** Content type of a download. */
  readonly mime: string;
  /** Name in the system's save dialog; the same in both languages. */
  readonly title: string;
  /** True when the format cannot mark damage, so the file ends before the damaged line. */
  readonly endsAtDamage: boolean;
}

/** Every format by its name. */
export const EXPORTS = {
  /** The recorded lines, one JSON object each. */
  jsonl: { extension: 'jsonl', mime: 'application/x-ndjson', title: 'JSON Lines', endsAtDamage: false },
  /** A table for spreadsheets, one event a row. */
  csv: { extension: 'csv', mime: 'text/csv', title: 'CSV', endsAtDamage: true },
} as const satisfies Readonly<Record<string, ExportRow>>;

/** Name of a format. */
export type ExportFormat = keyof typeof EXPORTS;

/** Names of all formats; the first is the default. */
export const EXPORT_FORMATS = Object.keys(EXPORTS) as [ExportFormat, ...ExportFormat[]];

/** The format of this name; null when there is no such format. */
export function formatNamed(name: string): ExportFormat | null {
  return EXPORT_FORMATS.find((format) => format === name) ?? null;
}

/** The format that belongs to the file's extension; the first format for an unknown extension. */
export function formatOfFile(file: string): ExportFormat {
  return (
    EXPORT_FORMATS.find((format) => file.toLowerCase().endsWith(`.${EXPORTS[format].extension}`)) ?? EXPORT_FORMATS[0]
  );
}
