/** The table for the stories of the paper's figures: messages that are not delivered at once are lost. */
import type { RaftEvent } from '../../../src/core/raft/events.ts';
import type { RaftState } from '../../../src/core/raft/state.ts';
import type { LogEntry, ServerId, Term } from '../../../src/core/vocabulary/index.ts';
import { proposeCommands, TICK } from './helpers.ts';
import { logTerms, Table } from './table.ts';

/** A cluster in which the test decides about each message. */
export class Wires extends Table {
  state(id: ServerId): RaftState {
    return this.server(id).state;
  }

  terms(id: ServerId): Term[] {
    return logTerms(this.server(id));
  }

  get events(): readonly { readonly server: ServerId; readonly event: RaftEvent }[] {
    return this.seen.flatMap((seen) =>
      seen.type === 'effect' && seen.effect.type === 'emit'
        ? seen.effect.events.map((event) => ({ server: seen.server, event }))
        : [],
    );
  }

  /** Returns the entries that a server has applied in its present life. */
  applied(id: ServerId): readonly LogEntry[] {
    const born = this.seen.findLastIndex((seen) => seen.type === 'restarted' && seen.server === id);
    return this.seen
      .slice(born + 1)
      .flatMap((seen) =>
        seen.type === 'effect' && seen.server === id && seen.effect.type === 'apply' ? seen.effect.entries : [],
      );
  }

  propose(id: ServerId, command: number): void {
    this.input(id, proposeCommands(command));
  }

  /** Ticks a leader three times, which makes it send a heartbeat. */
  heartbeat(id: ServerId): void {
    for (let count = 0; count < 3; count++) {
      this.input(id, TICK);
    }
  }

  /** Delivers messages among these servers until none is left; all other messages are lost. */
  override settle(among: readonly ServerId[], limit?: number): number {
    const delivered = super.settle(among, limit);
    this.drop(null);
    return delivered;
  }
}
