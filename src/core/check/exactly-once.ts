/**
 * An acknowledged command took effect once, and its answer is what the committed log makes it (§6.3; rule R4). The log is
 * replayed by the judges' own model as far as it is committed; what clients were told is held against it.
 */
import type { TraceEvent } from '../trace/index.ts';
import type { CommandResult } from '../wire/index.ts';
import { BoundedMap } from './bounded-map.ts';
import type { EntryNode } from './entry-tree.ts';
import type { Ground, Property } from './property.ts';
import { StoreModel } from './store-model.ts';
import { type Account, type Proof, proofOf } from './verdict.ts';

export const EXACTLY_ONCE_RULE = '§6.3; rule R4';

interface Told {
  readonly operation: string;
  readonly result: string;
  readonly proof: Proof;
}

const MOST_OPEN = 20_000;

export function exactlyOnce(account: Account, { tree }: Ground): Property {
  const model = new StoreModel();
  const answers = new BoundedMap<string, string>();
  /** Which number of which session an operation is. */
  const asked = new BoundedMap<string, string>();
  const waiting = new Map<string, Told>();
  let replayed = tree.find('0000000000000000') as EntryNode;
  let isLost = false;

  /** Replays what lies between what was replayed and this entry. */
  function commit(node: EntryNode): void {
    if (isLost || node.index <= replayed.index) return;
    const path: EntryNode[] = [];
    let at: EntryNode | null = node;
    while (at !== null && at.index > replayed.index) {
      path.push(at);
      at = at.parent;
    }
    // Another log than the one that was replayed: State Machine Safety says so; here nothing can be said any more.
    if (at === null || at.chain !== replayed.chain) {
      isLost = true;
      return;
    }
    for (const { entry } of path.reverse()) {
      const answer = entry === null ? null : model.apply(entry);
      if (answer === null) continue;
      const key = `${answer.session}:${answer.sequence}`;
      const result = textOf(answer.result);
      answers.set(key, result);
      const told = waiting.get(key);
      if (told === undefined) continue;
      waiting.delete(key);
      compare(told, result);
    }
    replayed = node;
  }

  function compare(told: Told, result: string): void {
    account.examined();
    if (told.result === result) return;
    account.broken({ operation: told.operation, told: told.result, right: result }, [told.proof]);
  }

  return {
    account,
    observe(event: TraceEvent) {
      if (event.event === 'CommitAdvanced') {
        tree.whenKnown(event.chain, commit);
      } else if (event.event === 'CommandInvoked') {
        const { operation, session, sequence } = event;
        if (session !== null && sequence !== null) asked.set(operation, `${session}:${sequence}`);
      } else if (event.event === 'CommandDone') {
        const key = asked.get(event.operation);
        if (key === undefined) return account.unknown();
        const told = { operation: event.operation, result: textOf(event.result), proof: proofOf(event) };
        const result = answers.get(key);
        if (result !== undefined) compare(told, result);
        else if (waiting.size < MOST_OPEN) waiting.set(key, told);
        else account.unknown();
      }
    },
    finish() {
      for (const _told of waiting.values()) account.unknown();
      waiting.clear();
    },
  };
}

/** One text for one answer, whatever order its fields came in. */
function textOf(result: CommandResult): string {
  if (!result.ok) return `refused ${result.reason}`;
  const swapped = result.swapped === undefined ? '' : ` swapped ${result.swapped}`;
  return `${JSON.stringify(result.value)} before ${JSON.stringify(result.previous)}${swapped}`;
}
