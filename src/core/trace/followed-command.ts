/**
 * One command that a ledger follows: it hears the events of the trace and keeps the attempts, copies and end that concern it.
 * Flow: command-ledger.ts → here.
 */
import type { ServerId, TermRun } from '../vocabulary/index.ts';
import type {
  AskedCommand,
  AskingEvent,
  CommandAttempt,
  CommandCopy,
  CommandEnd,
  CommandFate,
} from './asked-commands.ts';
import type { TraceEvent } from './events.ts';
import { lastIndexOf, termAt } from './log-runs.ts';
import type { ClusterView } from './view.ts';

type Told<Name extends TraceEvent['event']> = Extract<TraceEvent, { readonly event: Name }>;

/** An attempt, the id of its message once the network has reported it, and whether its server was down all along. */
type Attempt = { -readonly [Key in keyof CommandAttempt]: CommandAttempt[Key] } & {
  message: string | null;
  isDown: boolean;
};
type Copy = { -readonly [Key in keyof CommandCopy]: CommandCopy[Key] };

/** A command and the facts so far. */
export class FollowedCommand {
  readonly asked: AskingEvent;
  readonly #attempts: Attempt[] = [];
  readonly #copies: Copy[] = [];
  #end: CommandEnd | null = null;
  #tookUs: number | null = null;
  #fate: CommandFate | null = null;

  constructor(asked: AskingEvent) {
    this.asked = asked;
  }

  /** True when no later event can change it: it has ended, and the fate of the command and of each copy is known. */
  get isSettled(): boolean {
    return this.#end !== null && this.#fate?.is !== 'open' && this.#copies.every(({ fate }) => fate !== 'open');
  }

  /** The facts as one value. */
  get shown(): AskedCommand {
    const { asked } = this;
    return {
      seq: asked.seq,
      client: asked.event === 'CommandInvoked' ? asked.client : null,
      command: asked.command,
      askedUs: asked.timeUs,
      attempts: this.#attempts.map(({ server, atUs, end, to }) => ({ server, atUs, end, to })),
      end: this.#end,
      tookUs: this.#tookUs,
      copies: this.#copies.map((copy) => ({ ...copy })),
      fate: this.#fate,
    };
  }

  /** @param view  the view before the event. @returns true when the event belongs to this command alone */
  hear(event: TraceEvent, view: ClusterView): boolean {
    if (event.event === 'RunEnded' || event.event === 'LabRestarted') this.#runEnded(event.timeUs);
    if (this.asked.event === 'StartOrdered') return this.#hearStart(event, this.asked.server);
    if ('operation' in event) return event.operation === this.asked.operation && this.#hearClient(event, view);
    switch (event.event) {
      case 'EntriesProposed':
        this.#copied(event);
        break;
      case 'MessageSent':
        this.#sent(event);
        break;
      case 'MessageDropped':
        this.#close(
          ({ message }) => message === event.id,
          event.reason === 'receiver-gone' ? 'server-ended' : 'dropped',
        );
        break;
      case 'ServerExited':
        this.#close(({ server }) => server === event.server, 'server-ended');
        break;
      case 'ServerSpawned':
        for (const one of this.#attempts) if (one.server === event.server) one.isDown = false;
    }
    return false;
  }

  /** Decides the copies at indexes whose entry is committed, and the fate that follows. */
  decide(committed: readonly TermRun[], atUs: number): void {
    for (const copy of this.#copies.toSorted((a, b) => a.index - b.index)) {
      if (copy.fate !== 'open' || copy.index > lastIndexOf(committed)) continue;
      if (termAt(committed, copy.index) !== copy.term) copy.fate = 'overwritten';
      else copy.fate = this.#copies.some(({ fate }) => fate === 'applied') ? 'repeated' : 'applied';
    }
    if (this.#end?.is !== 'unknown' && this.#end?.is !== 'accepted') this.#fate = null;
    else if (this.#fate === null || this.#fate.is === 'open') this.#fate = this.#fateNow(atUs);
  }

  #fateNow(atUs: number): CommandFate {
    const applied = this.#copies.find(({ fate }) => fate === 'applied');
    if (applied !== undefined) return { is: 'committed', index: applied.index, atUs };
    // Start() without an answer has no attempt yet, and its copy, if there is one, cannot be recognised.
    const isWithoutAnswer = this.asked.event === 'StartOrdered' && this.#end?.is === 'unknown';
    const isLost =
      !isWithoutAnswer &&
      this.#copies.every(({ fate }) => fate === 'overwritten') &&
      this.#attempts.every(({ end }) => end !== 'open');
    return isLost ? { is: 'lost', atUs } : { is: 'open' };
  }

  /** An entry of Start() has no session, so only the answer names it: without an answer its copy cannot be recognised. */
  #hearStart(event: TraceEvent, server: ServerId): boolean {
    if (event.event !== 'StartAnswered' || this.#end !== null || event.server !== server) return false;
    const { outcome, index, term, leaderId, timeUs } = event;
    const { timeUs: atUs } = this.asked;
    const attempt = { server, atUs, to: leaderId, message: null, isDown: false };
    if (outcome === 'accepted' && index !== null && term !== null) {
      this.#attempts.push({ ...attempt, end: 'taken' });
      this.#copies.push({ index, term, by: server, atUs: timeUs, fate: 'open' });
      this.#finish({ is: 'accepted', index, term }, timeUs - atUs);
    } else if (outcome === 'no-answer') {
      this.#attempts.push({ ...attempt, end: 'open' });
      this.#finish({ is: 'unknown' }, timeUs - atUs);
    } else {
      this.#attempts.push({ ...attempt, end: 'redirected' });
      this.#finish({ is: 'refused', reason: outcome }, timeUs - atUs);
    }
    return true;
  }

  #hearClient(event: Extract<TraceEvent, { readonly operation: string }>, view: ClusterView): true {
    const tookUs = event.timeUs - this.asked.timeUs;
    switch (event.event) {
      case 'CommandSent': {
        const status = view.servers[event.to]?.status;
        const isDown = status === 'down' || status === 'failed';
        this.#attempts.push({ server: event.to, atUs: event.timeUs, end: 'open', to: null, message: null, isDown });
        break;
      }
      case 'CommandRedirected': {
        const asked = this.#attempts.findLast(({ server, end }) => server === event.from && end === 'open');
        if (asked !== undefined) Object.assign(asked, { end: 'redirected', to: event.to });
        break;
      }
      case 'CommandDone': {
        const { index, term, server, result, latencyUs } = event;
        this.#finish({ is: 'done', index, term, server, result }, latencyUs);
        break;
      }
      case 'CommandRefused':
        this.#finish({ is: 'refused', reason: event.reason }, tookUs);
        break;
      case 'CommandUnknown':
        this.#finish({ is: 'unknown' }, tookUs);
    }
    return true;
  }

  #finish(end: CommandEnd, tookUs: number): void {
    this.#end = end;
    this.#tookUs = tookUs;
    // A server that was down all the time never received the message: the client now forgets it.
    this.#close(({ isDown }) => isDown, 'server-ended');
  }

  /** Every process has ended, and the network's messages with it. */
  #runEnded(timeUs: number): void {
    if (this.#end === null) this.#finish({ is: 'unknown' }, timeUs - this.asked.timeUs);
    if (this.asked.event === 'CommandInvoked') this.#close(() => true, 'server-ended');
  }

  #copied({ entries, source, timeUs }: Told<'EntriesProposed'>): void {
    const { asked } = this;
    if (asked.event !== 'CommandInvoked' || asked.session === null) return;
    for (const entry of entries) {
      if (entry.type !== 'command' || entry.session !== asked.session || entry.sequence !== asked.sequence) continue;
      this.#copies.push({ index: entry.index, term: entry.term, by: source, atUs: timeUs, fate: 'open' });
      const attempt = this.#attempts.find(({ server, end }) => server === source && end === 'open');
      if (attempt !== undefined) attempt.end = 'taken';
    }
  }

  #sent({ id, link, copies }: Told<'MessageSent'>): void {
    // A message that the network duplicates may arrive although one of its copies is dropped.
    if (this.asked.event !== 'CommandInvoked' || copies !== undefined) return;
    const { client } = this.asked;
    const attempt = this.#attempts.find(({ server, message }) => message === null && link === `${client}>${server}`);
    if (attempt !== undefined) attempt.message = id;
  }

  #close(fits: (attempt: Attempt) => boolean, end: CommandAttempt['end']): void {
    for (const attempt of this.#attempts) if (attempt.end === 'open' && fits(attempt)) attempt.end = end;
  }
}
