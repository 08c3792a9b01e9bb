/**
 * A cluster in one thread with a clock that moves only when a test advances it. It has servers (thread-server.ts), links with the
 * hop delay of the pace, and faults. Its trace is folded into the same view as in a real lab.
 */
import {
  type ClusterView,
  emptyView,
  fold,
  PACES,
  type PaceName,
  type RunSettings,
  type TraceEvent,
} from '../../src/core/trace/index.ts';
import { type Command, type CommandResult, carries, type LinkId, type LinkPolicy } from '../../src/core/wire/index.ts';
import { ThreadServer } from './thread-server.ts';

export interface Done {
  readonly id: string;
  readonly index: number;
  readonly term: number;
  readonly result: CommandResult;
  readonly latencyMs: number;
}

const START_UP_MS = 350;

type Header = { readonly from: string; readonly to: string } & Record<string, unknown>;

/** One run with its cluster. */
export class ThreadCluster {
  readonly servers = new Map<string, ThreadServer>();
  readonly cuts = new Map<string, readonly string[]>();
  readonly linkFaults = new Map<string, { readonly links: readonly LinkId[]; readonly policy: LinkPolicy }>();
  readonly events: TraceEvent[] = [];
  readonly settings: RunSettings;
  view: ClusterView = emptyView;
  nowUs = 0;
  pace: PaceName;
  private agenda: { readonly atUs: number; readonly order: number; readonly run: () => void }[] = [];
  private readonly counters = new Map<string, number>();
  private readonly clients = new Map<string, { readonly sinceUs: number; readonly done: (done: Done) => void }>();

  private readonly firstTerm: number;

  /** @param firstTerm  term that every server finds on its disk at its first start */
  constructor(settings: RunSettings, firstTerm = 0) {
    this.settings = settings;
    this.firstTerm = firstTerm;
    this.pace = settings.pace;
    this.lab({ event: 'RunStarted', traceVersion: 2, settings, startedAt: '2026-11-23T20:00:00Z', raftLab: '0.1.0' });
    for (const id of settings.servers) this.spawn(id);
  }

  count(name: string): number {
    const next = (this.counters.get(name) ?? 0) + 1;
    this.counters.set(name, next);
    return next;
  }

  lab(body: object): void {
    this.emit('lab', 1, body);
  }

  say(server: string, body: object): void {
    this.emit(server, this.servers.get(server)?.life ?? 1, body);
  }

  advance(ms: number): void {
    const untilUs = this.nowUs + ms * 1000;
    for (;;) {
      this.agenda.sort((a, b) => a.atUs - b.atUs || a.order - b.order);
      const next = this.agenda[0];
      if (next === undefined || next.atUs > untilUs) break;
      this.agenda.shift();
      this.nowUs = next.atUs;
      next.run();
    }
    this.nowUs = untilUs;
  }

  spawn(id: string): void {
    const old = this.servers.get(id);
    const life = (old?.life ?? 0) + 1;
    const pid = 4700 + this.count('pid') * 11;
    this.lab({ event: 'ServerSpawned', server: id, ofLife: life, pid });
    const first = this.firstTerm === 0 ? null : { currentTerm: this.firstTerm, votedFor: null, entries: [] };
    const disk = old?.disk() ?? first;
    this.later(START_UP_MS + Number(id.slice(1)) * 60, () => this.begin({ id, life, pid, disk }));
  }

  /** Kills a server like SIGKILL; null when it is not running. */
  die(id: string, cause: 'ordered' | 'not-ordered'): { readonly server: string; readonly pid: number } | null {
    const server = this.servers.get(id);
    if (server === undefined || !server.isAlive()) return null;
    const { pid, life } = server;
    const base = { server: id, ofLife: life };
    if (cause === 'ordered') this.lab({ event: 'SignalOrdered', ...base, signal: 'SIGKILL', pid });
    server.kill();
    this.lab({ event: 'ServerExited', ...base, pid, code: null, signal: 'SIGKILL', cause, message: '' });
    const { currentTerm: term, votedFor, entries } = server.disk();
    const last = entries.at(-1);
    const read = { term, votedFor, lastIndex: last?.index ?? 0, chain: last?.chain ?? '' };
    this.lab({ event: 'DiskObserved', ...base, ok: true, ...read, tornBytes: 0, message: '' });
    return { server: id, pid };
  }

  /** Freezes or resumes a server, like SIGSTOP or SIGCONT; null when it is not in the right state. */
  setFrozen(id: string, frozen: boolean): { readonly server: string; readonly pid: number } | null {
    const server = this.servers.get(id);
    if (server === undefined || !(frozen ? server.freeze() : server.resume())) return null;
    const { pid, life: ofLife } = server;
    this.lab({ event: 'SignalOrdered', server: id, ofLife, signal: frozen ? 'SIGSTOP' : 'SIGCONT', pid });
    this.lab({ event: frozen ? 'ServerFrozen' : 'ServerResumed', server: id, ofLife, pid });
    return { server: id, pid };
  }

  cut(ids: readonly string[]): string {
    const fault = `cut-${this.count('fault')}`;
    const others = this.settings.servers.filter((other) => !ids.includes(other));
    const links = others.flatMap((other) => ids.flatMap((id) => [`${id}>${other}`, `${other}>${id}`]));
    this.lab({ event: 'FaultOrdered', fault, kind: 'cut', servers: ids, links });
    this.cuts.set(fault, ids);
    for (const link of links) this.setPolicy(link, 'cut');
    this.lab({ event: 'FaultBegan', fault, kind: 'cut', servers: ids, links });
    return fault;
  }

  /** Begins a fault of single links. A cut or held link drops messages; other policies have no effect here. */
  beginLinks(kind: 'link' | 'unreliable', links: readonly LinkId[], policy: LinkPolicy): string {
    const fault = `links-${this.count('fault')}`;
    const about = { fault, kind, servers: [], links, policy };
    this.lab({ event: 'FaultOrdered', ...about });
    this.linkFaults.set(fault, { links, policy });
    for (const link of links) this.emit('network', 1, { event: 'LinkPolicyChanged', link, policy });
    this.lab({ event: 'FaultBegan', ...about });
    return fault;
  }

  /** Records the fault only, since the one client has no link here. */
  beginClients(servers: readonly string[]): string {
    const fault = `clients-${this.count('fault')}`;
    const links = servers.flatMap((id): LinkId[] => [`clients>${id}`, `${id}>clients`]);
    const about = { fault, kind: 'clients', servers, links };
    this.lab({ event: 'FaultOrdered', ...about });
    this.linkFaults.set(fault, { links: [], policy: { mode: 'cut' } });
    this.lab({ event: 'FaultBegan', ...about });
    return fault;
  }

  heal(fault: string): void {
    const single = this.linkFaults.get(fault);
    this.linkFaults.delete(fault);
    for (const link of single?.links ?? []) this.setPolicy(link, 'pass');
    const ids = this.cuts.get(fault) ?? [];
    this.cuts.delete(fault);
    for (const id of ids) {
      for (const other of this.settings.servers) {
        if (other === id || this.isCut(id, other)) continue;
        this.setPolicy(`${id}>${other}`, 'pass');
        this.setPolicy(`${other}>${id}`, 'pass');
      }
    }
    this.lab({ event: 'FaultEnded', fault });
  }

  /** Sends a client's command to a reachable leader; retries while it reaches no leader. */
  submit(command: Command, done: (done: Done) => void): void {
    const token = `op-${this.count('operation')}`;
    this.clients.set(token, { sinceUs: this.nowUs, done });
    this.emit('C1', 1, {
      event: 'CommandInvoked',
      operation: token,
      client: 'C1',
      session: null,
      sequence: null,
      command,
    });
    const attempt = (): void => {
      const leader = this.view.leader?.server;
      const server = leader === undefined ? undefined : this.servers.get(leader);
      if (server === undefined || !server.isAlive()) {
        this.later(200, attempt);
        return;
      }
      const header = { from: 'C1', to: server.id, rpc: 'Command', kind: 'request', term: null };
      const arrive = (): void => {
        if (server.propose(token, command) === null) this.later(200, attempt);
      };
      this.transmit(header, arrive, () => server.isAlive());
    };
    attempt();
  }

  private begin(from: {
    readonly id: string;
    readonly life: number;
    readonly pid: number;
    readonly disk: ReturnType<ThreadServer['disk']> | null;
  }): void {
    const { id, life } = from;
    const server = new ThreadServer({
      ...from,
      settings: this.settings,
      emit: (body) => this.emit(id, life, body),
      send: (header, message) =>
        this.transmit(
          header,
          () => this.servers.get(message.to)?.receive(message),
          () => this.servers.get(message.to)?.isAlive() ?? false,
        ),
      answer: (token, index, term, result) => this.answer(token, { id, index, term, result }),
    });
    this.servers.set(id, server);
    this.lab({ event: 'ServerReady', server: id, ofLife: life, port: 40_000 + life });
    const tick = (): void => {
      if (this.servers.get(id) !== server || !server.isAlive()) return;
      server.tick();
      this.later(PACES[this.pace].tickMs, tick);
    };
    this.later(PACES[this.pace].tickMs, tick);
  }

  private answer(token: string, told: Omit<Done, 'latencyMs'>): void {
    const client = this.clients.get(token);
    if (client === undefined) return;
    this.clients.delete(token);
    const { id: server, index, term, result } = told;
    const arrive = (): void => {
      const latencyUs = this.nowUs - client.sinceUs;
      this.emit('C1', 1, { event: 'CommandDone', operation: token, index, term, server, result, latencyUs });
      client.done({ ...told, latencyMs: latencyUs / 1000 });
    };
    this.transmit({ from: server, to: 'C1', rpc: 'Command', kind: 'reply', term }, arrive, () => true);
  }

  /** Sends a message and delivers it after the hop delay. */
  private transmit(header: Header, arrive: () => void, reaches: () => boolean): void {
    const { from, to, ...told } = header;
    const about = { id: `${from}.${this.count('message')}`, link: `${from}>${to}`, rpc: told.rpc, kind: told.kind };
    const hopMs = PACES[this.pace].hopDelayMs + 0.8;
    const network = (body: object): void => this.emit('network', 1, { ...about, ...body });
    network({ event: 'MessageSent', dueUs: Math.round(this.nowUs + hopMs * 1000), bytes: 200, ...told });
    const isInside = from.startsWith('S') && to.startsWith('S');
    if (isInside && (this.isCut(from, to) || this.isStopped(`${from}>${to}`))) {
      network({ event: 'MessageDropped', reason: 'cut' });
      return;
    }
    this.later(hopMs, () => {
      if (!reaches()) {
        network({ event: 'MessageDropped', reason: 'receiver-gone' });
        return;
      }
      network({ event: 'MessageDelivered' });
      arrive();
    });
  }

  private setPolicy(link: string, mode: 'pass' | 'cut'): void {
    this.emit('network', 1, { event: 'LinkPolicyChanged', link, policy: { mode } });
  }

  private isStopped(link: LinkId): boolean {
    return [...this.linkFaults.values()].some(({ links, policy }) => links.includes(link) && !carries(policy));
  }

  private isCut(from: string, to: string): boolean {
    return this.sideOf(from) !== this.sideOf(to);
  }

  private sideOf(id: string): string {
    return [...this.cuts].flatMap(([fault, ids]) => (ids.includes(id) ? [fault] : [])).join(' ');
  }

  private later(ms: number, run: () => void): void {
    this.agenda.push({ atUs: this.nowUs + ms * 1000, order: this.count('order'), run });
  }

  private emit(source: string, life: number, body: object): void {
    const seq = this.count('seq');
    const nseq = this.count(`${source}.${life}`);
    const event = { seq, timeUs: Math.round(this.nowUs), source, nseq, life, ...body } as TraceEvent;
    this.events.push(event);
    this.view = fold(this.view, event);
  }
}
