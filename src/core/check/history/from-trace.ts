/**
 * The history that the clients of a run had: from the moment a command was asked to the moment its answer was learnt. The
 * store is taken apart by keys; what a client was told (the value before and after) must fit one order of all commands.
 */
import type { TraceEvent } from '../../trace/index.ts';
import type { Command, CommandResult } from '../../wire/index.ts';
import { type HistoryVerdict, judgeHistory } from './judge-history.ts';
import type { Model, Operation } from './operation.ts';
import type { Limits } from './search.ts';

/** One key of the store; a state is the JSON of its value, `null` when it is absent. */
export const storeKey: Model<Command, CommandResult> = {
  initial: 'null',
  step(state, command, result) {
    const previous = JSON.parse(state) as string | null;
    const value = valueAfter(previous, command);
    if (result?.ok && (result.previous !== previous || result.value !== value)) return null;
    return JSON.stringify(value);
  },
  describe(command, result) {
    const asked = [command.op, command.key, ...('value' in command ? [JSON.stringify(command.value)] : [])].join(' ');
    return `${asked} → ${result === null ? 'unknown' : JSON.stringify(result.ok ? result.value : result.reason)}`;
  },
  isRead: ({ op }) => op === 'get',
};

function valueAfter(previous: string | null, command: Command): string | null {
  switch (command.op) {
    case 'get':
      return previous;
    case 'set':
      return command.value;
    case 'append':
      return (previous ?? '') + command.value;
    case 'delete':
      return null;
    case 'cas':
      return previous === command.expected ? command.value : previous;
  }
}

/** Collects a run's operations as its events come by. */
export class ClientHistory {
  readonly #open = new Map<string, Operation<Command, CommandResult>>();
  readonly #closed: Operation<Command, CommandResult>[] = [];

  observe(event: TraceEvent): void {
    switch (event.event) {
      case 'CommandInvoked': {
        const { operation: name, client, command, timeUs: invoked } = event;
        this.#open.set(name, { name, client, key: command.key, input: command, invoked, returned: null });
        return;
      }
      case 'CommandDone': {
        const { operation, result, timeUs: at } = event;
        const call = this.#take(operation);
        // What was not a command at all had no effect.
        if (call !== undefined && result.ok) this.#closed.push({ ...call, returned: { at, output: result } });
        return;
      }
    }
  }

  /** Those that nobody learnt the end of included: timed out, or refused, since an earlier attempt may have been applied. */
  operations(): readonly Operation<Command, CommandResult>[] {
    return [...this.#closed, ...this.#open.values()];
  }

  judge(limits?: Limits): HistoryVerdict {
    return judgeHistory(storeKey, this.operations(), limits);
  }

  #take(name: string): Operation<Command, CommandResult> | undefined {
    const call = this.#open.get(name);
    this.#open.delete(name);
    return call;
  }
}
