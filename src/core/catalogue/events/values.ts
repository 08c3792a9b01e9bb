/** Fixed values of the fields of events: what pages and translations must name. */
import { EVENT_NAMES, eventRow } from './index.ts';

/** A schema as far as its fixed values show: those of a picklist, also of one that is optional or may be null. */
interface Shown {
  readonly options?: readonly unknown[];
  readonly wrapped?: unknown;
}

/** Fixed values of every field of this name, or of every field, without doubles. */
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
