/**
 * The history that the clients of a run had: from the moment a command was asked to the moment its answer was learnt. The
 * store is taken apart by keys; what a client was told (the value before and after) must fit one order of all commands.
 */
import type { Json } from '../../raft/types.ts';
import type { TraceEvent } from '../../trace/index.ts';
import { type Command, type CommandResult, isProblem, parseCommand } from '../../wire/index.ts';
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

/** The answers that one server owes. */
interface Starts {
  readonly unanswered: number;
  /** The Start that the next answer belongs to; null when there were several at once, and no answer says whose it is. */
  readonly only: string | null;
}

/** Collects a run's operations as its events come by. */
export class ClientHistory {
  /**
   * Commands given to a server without a client: they write what clients read, and nobody learns their end. They are
   * taken from the lab's orders, not from what the server proposed, which dies with a killed server.
   */
  readonly #started = new Map<string, Operation<Command, CommandResult>>();
  readonly #starts = new Map<string, Starts>();
  #count = 0;
  readonly #open = new Map<string, Operation<Command, CommandResult>>();
  readonly #closed: Operation<Command, CommandResult>[] = [];

  observe(event: TraceEvent): void {
    switch (event.event) {
      case 'StartOrdered':
        this.#start(event.server, event.command, event.timeUs);
        return;
      case 'StartAnswered':
        this.#answer(event.server, event.outcome === 'not-leader');
        return;
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
    const ofClients = [...this.#closed, ...this.#open.values()];
    const keys = new Set(ofClients.map(({ key }) => key));
    return [...ofClients, ...[...this.#started.values()].filter(({ key }) => keys.has(key))];
  }

  judge(limits?: Limits): HistoryVerdict {
    return judgeHistory(storeKey, this.operations(), limits);
  }

  #start(server: string, command: Json, invoked: number): void {
    this.#count += 1;
    const name = `start${this.#count}`;
    const input = parseCommand(command);
    // What is no command of the store changes nothing there, but it is answered like one.
    if (!isProblem(input)) {
      this.#started.set(name, { name, client: name, key: input.key, input, invoked, returned: null });
    }
    const unanswered = (this.#starts.get(server)?.unanswered ?? 0) + 1;
    this.#starts.set(server, { unanswered, only: unanswered === 1 ? name : null });
  }

  /** A refused one had no effect. Which of several it was is not said: then all stay, as they might have been applied. */
  #answer(server: string, isRefused: boolean): void {
    const starts = this.#starts.get(server);
    if (starts === undefined) return;
    if (isRefused && starts.only !== null) this.#started.delete(starts.only);
    if (starts.unanswered === 1) this.#starts.delete(server);
    else this.#starts.set(server, { unanswered: starts.unanswered - 1, only: null });
  }

  #take(name: string): Operation<Command, CommandResult> | undefined {
    const call = this.#open.get(name);
    this.#open.delete(name);
    return call;
  }
}
