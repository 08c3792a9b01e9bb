/**
 * The simulated links. Each message is dropped, duplicated, delayed, reordered, held or cut, as the faults of the run
 * require. The events are those of the real network.
 */
import type { Message } from '../raft/messages.ts';
import type { AnyEvent } from '../trace/index.ts';
import type { Chance, LinkId, Rpc } from '../wire/index.ts';
import type { FaultRates } from './faults.ts';

/** A message in flight. */
export interface Flight {
  readonly id: string;
  readonly message: Message;
}

export interface NetworkWorld {
  readonly chance: Chance;
  readonly faults: () => FaultRates;
  readonly tell: (event: AnyEvent) => void;
  readonly nowUs: () => number;
  /** Schedules `arrive` for this message after `us` microseconds. */
  readonly after: (us: number, flight: Flight) => void;
  /** Counts a fault that was applied to a message. */
  readonly fired: (fault: keyof FaultRates) => void;
}

const HOP_US = 200;
/** Maximum extra delay of a reordered message, in microseconds. */
const REORDER_US = 80_000;

/** Links between servers. All pass messages at first. */
export class SimNetwork {
  readonly #world: NetworkWorld;
  readonly #cut = new Set<LinkId>();
  readonly #clogged = new Map<LinkId, Flight[]>();
  readonly #counts = new Map<string, number>();

  constructor(world: NetworkWorld) {
    this.#world = world;
  }

  isCut(link: LinkId): boolean {
    return this.#cut.has(link);
  }

  cut(links: readonly LinkId[]): void {
    for (const link of links) this.#cut.add(link);
  }

  clog(link: LinkId): void {
    if (!this.#clogged.has(link)) this.#clogged.set(link, []);
  }

  /** Makes every link pass again. Held messages are delivered at once. */
  heal(): void {
    this.#cut.clear();
    for (const held of this.#clogged.values()) for (const flight of held) this.#world.after(HOP_US, flight);
    this.#clogged.clear();
  }

  /** Sends a message of a server in this life. */
  send(message: Message, life: number): void {
    const { chance, faults, fired, tell, nowUs } = this.#world;
    const { drop, duplicate, reorder, delayUs } = faults();
    const flight: Flight = { id: this.#idOf(message.from, life), message };
    const link = linkOf(message);
    const isDropped = drop > 0 && chance() < drop;
    const isDoubled = duplicate > 0 && chance() < duplicate;
    const copies = isDoubled ? { copies: 2 } : {};
    const about = { id: flight.id, link, rpc: rpcOf(message), kind: kindOf(message) } as const;
    const extra = delayUs > 0 ? Math.floor(chance() * delayUs) : 0;
    const late = reorder > 0 && chance() < reorder ? Math.floor(chance() * REORDER_US) : 0;
    if (extra > 0) fired('delayUs');
    if (late > 0) fired('reorder');
    const dueUs = nowUs() + HOP_US + extra + late;
    tell({ event: 'MessageSent', ...about, term: message.term, dueUs, bytes: 0, ...copies, ...fieldsOf(message) });
    if (this.#cut.has(link)) {
      tell({ event: 'MessageDropped', ...about, reason: 'cut' });
      return;
    }
    if (isDropped) {
      fired('drop');
      tell({ event: 'MessageDropped', ...about, reason: 'lost' });
      return;
    }
    this.#launch(link, flight, HOP_US + extra + late);
    if (!isDoubled) return;
    fired('duplicate');
    this.#launch(link, flight, HOP_US + extra + Math.floor(chance() * REORDER_US));
  }

  /**
   * Delivers a message.
   *
   * @returns the message, or null when the link was cut meanwhile or the receiver is down
   */
  arrive({ id, message }: Flight, isThere: boolean): Message | null {
    const link = linkOf(message);
    const about = { id, link, rpc: rpcOf(message), kind: kindOf(message) } as const;
    if (this.#cut.has(link) || !isThere) {
      const reason = this.#cut.has(link) ? 'cut' : 'receiver-gone';
      this.#world.tell({ event: 'MessageDropped', ...about, reason });
      return null;
    }
    this.#world.tell({ event: 'MessageDelivered', ...about });
    return message;
  }

  #launch(link: LinkId, flight: Flight, us: number): void {
    const held = this.#clogged.get(link);
    if (held === undefined) this.#world.after(us, flight);
    else held.push(flight);
  }

  #idOf(from: string, life: number): string {
    const key = `${from}.${life}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return `${key}.${count}`;
  }
}

function linkOf({ from, to }: Message): LinkId {
  return `${from}>${to}`;
}

export function kindOf({ type }: Message): 'request' | 'reply' {
  return type === 'RequestVote' || type === 'AppendEntries' ? 'request' : 'reply';
}

export function rpcOf(message: Message): Rpc {
  if (message.type === 'AppendEntries' || message.type === 'AppendEntriesReply') return 'AppendEntries';
  return message.preVote ? 'PreVote' : 'RequestVote';
}

/** The fields of a message that the header of a real frame shows. */
export function fieldsOf(message: Message) {
  switch (message.type) {
    case 'RequestVote':
      return {};
    case 'RequestVoteReply':
      return { voteGranted: message.voteGranted };
    case 'AppendEntries': {
      const { prevLogIndex, leaderCommit, entries } = message;
      const range = entries.length === 0 ? {} : { first: prevLogIndex + 1, last: prevLogIndex + entries.length };
      return { prevLogIndex, leaderCommit, ...range };
    }
    case 'AppendEntriesReply':
      return message.success ? { success: true, matchIndex: message.matchIndex } : { success: false };
  }
}
