/**
 * Explores every order of a bounded number of steps instead of a sample of them. Each message may be delivered at any
 * later time, overtake any other, be delivered twice or be lost. Each timer may run out at any time. Each server may be
 * killed and restarted. The safety properties of the paper's Figure 3 are checked after every step. When one is
 * violated, the steps that led to it are reported.
 */
import type { Rules } from '../raft/index.ts';
import type { Message } from '../raft/messages.ts';
import type { RaftState } from '../raft/state.ts';
import type { ServerId } from '../vocabulary/index.ts';
import { Fingerprints, fingerprintOf } from './fingerprints.ts';
import { type LocalState, type LocalStep, LocalSteps } from './local-steps.ts';
import { beginning, type Past, PastFacts } from './past-facts.ts';

/** Maximum number of occurrences of each kind of step; kinds without a field are unbounded. */
export interface Bounds {
  readonly servers: number;
  readonly elections: number;
  readonly proposals: number;
  readonly duplicates: number;
  readonly heartbeats: number;
  readonly restarts: number;
}

/** Result of the exploration. */
export interface EveryOrder {
  /** Number of distinct states of the whole cluster, messages included. */
  readonly states: number;
  /** Number of steps taken between states. */
  readonly steps: number;
  /**
   * Whether all states within the bounds were visited; false when `mostStates` was reached or a property was violated.
   */
  readonly complete: boolean;
  readonly broken: { readonly property: string; readonly happened: readonly string[] } | null;
}

type Counted = 'elections' | 'proposals' | 'duplicates' | 'heartbeats' | 'restarts';
type Left = Readonly<Record<Counted, number>>;

interface World {
  readonly locals: readonly LocalState[];
  /** Numbers of the messages in flight, ascending. */
  readonly messages: readonly number[];
  readonly left: Left;
  readonly past: Past;
  readonly before: World | null;
  readonly what: string;
}

/**
 * Visits every state of a cluster that can be reached within the bounds.
 *
 * @param mostStates  maximum number of visited states; each takes about 30 bytes of memory
 */
export function everyOrder(bounds: Bounds, rules: Rules, mostStates = Number.POSITIVE_INFINITY): EveryOrder {
  const ids: ServerId[] = Array.from({ length: bounds.servers }, (_, at) => `S${at + 1}`);
  const search = new Search(new LocalSteps(ids, rules), new PastFacts());
  const { servers: _, ...left } = bounds;
  const locals = ids.map((id) => search.steps.first(id));
  return search.all({ locals, messages: [], left, past: beginning, before: null, what: '' }, mostStates);
}

class Search {
  readonly steps: LocalSteps;
  private readonly facts: PastFacts;
  private readonly seen = new Fingerprints();
  private readonly open: World[] = [];
  private taken = 0;
  private broken: EveryOrder['broken'] = null;

  constructor(steps: LocalSteps, facts: PastFacts) {
    this.steps = steps;
    this.facts = facts;
  }

  all(first: World, mostStates: number): EveryOrder {
    this.meet(first);
    for (let world = this.open.pop(); world !== undefined; world = this.open.pop()) {
      this.expand(world);
      if (this.broken !== null || this.seen.size >= mostStates) break;
    }
    const complete = this.broken === null && this.open.length === 0;
    return { states: this.seen.size, steps: this.taken, complete, broken: this.broken };
  }

  private expand(world: World): void {
    const { left, locals, messages } = world;
    // Before the first step all servers are equal, so only S1 needs to start the first election.
    const candidates = world.before === null ? locals.slice(0, 1) : locals;
    for (const [at, local] of candidates.entries()) {
      const { id, role } = local.state;
      const leads = role.name === 'leader';
      const timer = leads ? 'heartbeats' : 'elections';
      if (left[timer] > 0) this.go(world, at, this.steps.tick(local), messages, timer, `${id}: its timer runs out`);
      if (leads && left.proposals > 0) {
        const step = this.steps.propose(local, left.proposals);
        this.go(world, at, step, messages, 'proposals', `${id}: a command`);
      }
      if (left.restarts > 0)
        this.go(world, at, this.steps.restart(local), messages, 'restarts', `${id}: kill -9, start`);
    }
    for (const [position, number] of messages.entries()) {
      if (number !== messages[position - 1]) this.arrive(world, number, position);
    }
  }

  private arrive(world: World, number: number, position: number): void {
    const message = this.steps.message(number);
    const at = Number(message.to.slice(1)) - 1;
    const local = world.locals[at];
    if (local === undefined) return;
    const step = this.steps.deliver(local, number);
    // A delivery that changes no server and sends no message only removes its message.
    if (step.next === local && step.sent.length === 0) return;
    const what = `${message.from} → ${message.to}: ${message.type} of term ${message.term}`;
    this.go(world, at, step, world.messages.toSpliced(position, 1), null, what);
    if (world.left.duplicates > 0) this.go(world, at, step, world.messages, 'duplicates', `${what}, a copy`);
  }

  private go(
    world: World,
    at: number,
    step: LocalStep,
    messages: readonly number[],
    uses: Counted | null,
    what: string,
  ): void {
    this.taken += 1;
    const locals = world.locals.with(at, step.next);
    const found = this.facts.after(world.past, locals, at);
    const left = uses === null ? world.left : { ...world.left, [uses]: world.left[uses] - 1 };
    const onTheWay = this.alive(locals, messages, step.sent);
    const next: World = { locals, messages: onTheWay, left, past: found.past, before: world, what };
    if (found.broken !== null) this.broken = { property: found.broken, happened: storyOf(next) };
    else this.meet(next);
  }

  /**
   * Returns the messages in flight after a step. A reply that can never count is dropped; otherwise it would make two
   * equal states different.
   */
  private alive(
    locals: readonly LocalState[],
    messages: readonly number[],
    sent: readonly number[],
  ): readonly number[] {
    const all = sent.length === 0 ? messages : [...messages, ...sent].sort((a, b) => a - b);
    const isAlive = (number: number) => {
      const message = this.steps.message(number);
      const receiver = locals[Number(message.to.slice(1)) - 1];
      return receiver !== undefined && mayCount(message, receiver.state);
    };
    return all.every(isAlive) ? all : all.filter(isAlive);
  }

  private meet(world: World): void {
    const { elections, proposals, duplicates, heartbeats, restarts } = world.left;
    const counts = [elections, proposals, duplicates, heartbeats, restarts];
    const numbers = [...world.locals.map((local) => local.number), ...counts, world.past.number, ...world.messages];
    const { high, low } = fingerprintOf(numbers);
    if (this.seen.add(high, low)) this.open.push(world);
  }
}

/**
 * Returns false for a reply that can never count. A vote counts only for a candidate and an acknowledgement only for a
 * leader, each in the reply's term (E4, L10). A server that has reached a term cannot become candidate in it later.
 */
function mayCount(message: Message, { currentTerm, role }: RaftState): boolean {
  if (message.term > currentTerm) return true;
  switch (message.type) {
    case 'RequestVoteReply':
      return message.term === currentTerm && role.name === 'candidate';
    case 'AppendEntriesReply':
      return message.term === currentTerm && role.name === 'leader';
    case 'RequestVote':
    case 'AppendEntries':
      return true;
  }
}

function storyOf(world: World): readonly string[] {
  const story: string[] = [];
  for (let at: World = world; at.before !== null; at = at.before) story.unshift(at.what);
  return story;
}
