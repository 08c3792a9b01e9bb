/**
 * Checks every request before it is carried out. Objects are strict, so an unexpected field cannot bring in a pid, a path or an
 * environment. Flow: door → the lab's dispatcher → here; scenario and random faults → here.
 */
import * as v from 'valibot';
import { type Ask, isRequestName, REQUESTS, type RequestName } from './requests.ts';

/** The result of `parseAsk`: the typed request, or a sentence for the person who sent it. */
export type ParsedAsk<Name extends RequestName> =
  | { readonly ok: true; readonly ask: Ask<Name> }
  | { readonly ok: false; readonly detail: string };

/**
 * Checks one request.
 *
 * @param name  the request's name as the door received it; an unknown name is refused
 * @param ask   the fields as the door received them, of any shape
 * @returns the request, or one sentence that says which field is wrong and why (never throws)
 */
export function parseAsk<Name extends RequestName>(name: Name, ask: unknown): ParsedAsk<Name> {
  if (!isRequestName(name)) return { ok: false, detail: `there is no request named ${brief(name)}` };
  const schema: v.GenericSchema = REQUESTS[name].ask;
  const parsed = v.safeParse(schema, ask, { abortEarly: true });
  if (parsed.success) return { ok: true, ask: parsed.output as Ask<Name> };
  const issue = parsed.issues[0];
  const where = v.getDotPath(issue) ?? '';
  return { ok: false, detail: `${name}${where === '' ? '' : `, field ${brief(where)}`}: ${brief(issue.message)}` };
}

/** Shortens a text from outside, so that it fits into one line of a log. */
function brief(text: unknown): string {
  const line = String(text).replace(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
