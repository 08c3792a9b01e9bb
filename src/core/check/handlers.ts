/**
 * Handlers of events, by name. A judge observes exactly the events that its handlers name, so no list of names has to repeat them.
 * Flow: judges' handlers → judge.ts and liveness.ts call those of an event.
 */
import type { EventName, Named, TraceEvent } from '../trace/index.ts';

/** One handler for each event that is observed. `More` are arguments behind the event. */
export type Handlers<Result = void, More extends readonly unknown[] = []> = {
  readonly [Name in EventName]?: (event: Named<Name>, ...more: More) => Result;
};

/** A handler of any event. Call it only with events of the name under which it stands. */
export type Handler<Result = void, More extends readonly unknown[] = []> = (event: TraceEvent, ...more: More) => Result;

/** Handlers by name, for a lookup with the name of any event. */
export function byName<Result, More extends readonly unknown[]>(
  handlers: Handlers<Result, More>,
): ReadonlyMap<string, Handler<Result, More>> {
  return new Map(Object.entries(handlers) as [string, Handler<Result, More>][]);
}

/** Handlers that call all of these, in this order. */
export function joined(...parts: readonly Handlers[]): Handlers {
  const all = new Map<string, Handler>();
  for (const [name, handle] of parts.flatMap((part) => [...byName(part)])) {
    const before = all.get(name);
    const both: Handler = (event) => {
      before?.(event);
      handle(event);
    };
    all.set(name, before === undefined ? handle : both);
  }
  return Object.fromEntries(all) as Handlers;
}

/** Handlers that read something from an event and pass on what is not null. */
export function reading<Read>(readers: Handlers<Read | null>, take: (read: Read, event: TraceEvent) => void): Handlers {
  const entries = [...byName(readers)].map(([name, read]): [string, Handler] => [
    name,
    (event) => {
      const found = read(event);
      if (found !== null) take(found, event);
    },
  ]);
  return Object.fromEntries(entries) as Handlers;
}
