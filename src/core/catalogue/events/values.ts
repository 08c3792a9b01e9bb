/** Fixed values of the fields of events. Pages and translations must name all of them. */
import { EVENT_NAMES, eventRow } from './index.ts';

/** The parts of a schema that hold fixed values: a picklist, or an optional or nullable one. */
interface Shown {
  readonly options?: readonly unknown[];
  readonly wrapped?: unknown;
}

/** Distinct fixed values of all fields with this name; without a name, of all fields. */
export function fixedValues(field?: string): readonly string[] {
  const schemas = EVENT_NAMES.flatMap((name) => {
    const row = eventRow(name);
    return [row?.fields, row?.orFields].flatMap((fields) => Object.entries(fields ?? {}));
  });
  const wanted = schemas.filter(([name]) => field === undefined || name === field);
  return [...new Set(wanted.flatMap(([, schema]) => optionsOf(schema)))];
}

function optionsOf(schema: unknown): readonly string[] {
  const { options = [], wrapped } = schema as Shown;
  if (wrapped !== undefined) return optionsOf(wrapped);
  return options.filter((option) => typeof option === 'string');
}
