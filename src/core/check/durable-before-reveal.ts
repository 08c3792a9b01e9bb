/**
 * A server reveals only what is on its disk: a message's term, a vote, acknowledged entries (paper Figure 2: "updated
 * on stable storage before responding to RPCs"; §3.8; rule E1). What a server sent in a life is compared with every
 * witness of the end of that life and of later ones: the lab's observations of the files, and the state that the next
 * life restores. A higher term supersedes the vote. A shorter log is excused only by a truncation in a later term
 * (log-cuts.ts).
 */
import type { Named } from '../trace/index.ts';
import { endsOf } from '../vocabulary/index.ts';
import { DiskPromises } from './disk-promises.ts';
import { joined, reading } from './handlers.ts';
import { NetworkWitness } from './network-witness.ts';
import type { Property } from './property.ts';
import { revealedBy, SAID, senderLife } from './revealed.ts';
import { type Account, proofOf } from './verdict.ts';

export const DURABLE_BEFORE_REVEAL_RULE = 'Figure 2, §3.8; rule E1';

type Sent = Named<'MessageSent'>;

export function durableBeforeReveal(account: Account): Property {
  const promises = new Map<string, DiskPromises>();
  /** Highest life of each server whose messages the network saw. Earlier lives receive nothing that is sent later. */
  const livesOnTheWire = new Map<string, number>();
  const network = new NetworkWitness();

  /** Set at the end of the run. Facts that become unknown after that do not make the evidence incomplete. */
  let wasEvidenceWhole: boolean | null = null;
  const isEvidenceWhole = (): boolean => wasEvidenceWhole ?? (!network.mayMiss(false) && !account.hasUnknown);

  function of(server: string): DiskPromises {
    const known = promises.get(server);
    if (known !== undefined) return known;
    const next = new DiskPromises(server, account, isEvidenceWhole);
    promises.set(server, next);
    return next;
  }

  function hearMessage(event: Sent): void {
    const ends = endsOf(event.link);
    const { from, to } = ends;
    const life = senderLife(event.id);
    if (life > (livesOnTheWire.get(from) ?? 0)) livesOnTheWire.set(from, life);
    const first = firstEntryIn(event);
    if (first !== null && event.term !== null) {
      of(to).cuts.add({ life: livesOnTheWire.get(to) ?? 0, term: event.term, from: first });
    }
    const revealed = revealedBy(event, ends);
    if (revealed !== null) of(from).reveal(life, revealed, event);
  }

  return {
    account,
    handlers: joined(
      network.handlers,
      reading(SAID, (said, { source, life }) => of(source).say(life, said)),
      {
        MessageSent: hearMessage,
        DiskObserved(event) {
          const { server, ofLife: life, ok, term, votedFor: vote, lastIndex } = event;
          if (ok && life >= 1) of(server).witness({ life, term, vote, lastIndex, proof: proofOf(event) });
        },
        StateRestored(event) {
          const { source, life, term, votedFor: vote, lastIndex } = event;
          const held = { term, vote, lastIndex };
          if (life > 1) of(source).witness({ ...held, life: life - 1, proof: proofOf(event) });
          of(source).say(life, held);
        },
        EntriesTruncated: ({ source, life, term, from }) => of(source).cuts.add({ life, term, from }),
      },
    ),
    *finishing() {
      wasEvidenceWhole = !network.mayMiss(true) && !account.hasUnknown;
      for (const one of promises.values()) yield* one.finishing();
    },
    keptBytes: () => [...promises.values()].reduce((sum, one) => sum + one.keptBytes(), 0),
  };
}

/** First index at which a request may overwrite its receiver's log; null when it cannot. A heartbeat has no entries. */
function firstEntryIn({ rpc, kind, first, prevLogIndex }: Sent): number | null {
  if (rpc !== 'AppendEntries' || kind !== 'request') return null;
  return first === undefined && prevLogIndex !== undefined ? null : (first ?? 1);
}
