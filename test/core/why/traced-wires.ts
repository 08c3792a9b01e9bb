/**
 * A scripted cluster whose steps are a trace: the events of the shipped core, each message sent and delivered, and the start of each
 * server from a given log. Flow: script → Wires → here → a trace whose reasons are known.
 */

import type { AnyEvent, RunSettings } from '../../../src/core/catalogue/index.ts';
import { restore, termRuns } from '../../../src/core/raft/index.ts';
import type { Input } from '../../../src/core/raft/input.ts';
import type { Message } from '../../../src/core/raft/messages.ts';
import { fieldsOf, kindOf, rpcOf } from '../../../src/core/simulation/sim-network.ts';
import { linkOf, type ProtocolFlags } from '../../../src/core/vocabulary/index.ts';
import { entriesOf, PAPER } from '../raft/helpers.ts';
import type { Given } from '../raft/table.ts';
import { Wires } from '../raft/wires.ts';
import { createStory, type Story, settings } from '../trace/story.ts';

/** Scripted servers that report. */
export class TracedWires extends Wires {
  readonly story: Story;
  private readonly ids = new Map<Message, string>();
  private told = 0;

  constructor(given: readonly Given[], flags: ProtocolFlags = PAPER) {
    super(given, { flags });
    this.story = createStory();
    this.begin(given, flags);
  }

  override input(id: string, input: Input): void {
    this.tellSeen();
    if (input.type === 'message') this.tellMessage(input.message, 'MessageDelivered');
    super.input(id, input);
    this.tellSeen();
  }

  private begin(given: readonly Given[], flags: ProtocolFlags): void {
    const servers = [...this.servers.keys()];
    const run: RunSettings = { ...settings, servers, flags, preset: 'custom', electionTicks: 10, heartbeatTicks: 3 };
    this.story.tell('lab', { event: 'RunStarted', traceVersion: 2, settings: run, startedAt: '', raftLab: '0.1.0' });
    for (const [at, { term, votedFor = null, log }] of given.entries()) {
      const [server = '', entries] = [servers[at], entriesOf(log)];
      this.story.tell('lab', { event: 'ServerSpawned', server, ofLife: 1, pid: 100 + at });
      const { config } = this.server(server);
      const { state } = restore(config, { currentTerm: term, votedFor, entries }, 3);
      const place = { lastIndex: entries.length, chain: state.lastChain, runs: termRuns(entries) };
      this.story.tell(server, { event: 'StateRestored', term, votedFor, ...place });
      this.story.tell('lab', { event: 'ServerReady', server, ofLife: 1, port: 4000 });
      const timer = { timeoutTicks: state.electionTimeout, reason: 'started' } as const;
      this.story.tell(server, { event: 'ElectionTimerReset', term, ...timer });
    }
  }

  private tellSeen(): void {
    for (const seen of this.seen.slice(this.told)) {
      if (seen.type !== 'effect') continue;
      if (seen.effect.type === 'emit') for (const event of seen.effect.events) this.story.tell(seen.server, event);
      if (seen.effect.type === 'send')
        for (const message of seen.effect.messages) this.tellMessage(message, 'MessageSent');
    }
    this.told = this.seen.length;
  }

  private tellMessage(message: Message, event: 'MessageSent' | 'MessageDelivered'): void {
    const id = this.ids.get(message) ?? `m${this.ids.size + 1}`;
    this.ids.set(message, id);
    const about = { id, link: linkOf(message.from, message.to), rpc: rpcOf(message), kind: kindOf(message) };
    const sent = { ...about, term: message.term, dueUs: 0, bytes: 9, ...fieldsOf(message) };
    this.story.tell(
      'network',
      (event === 'MessageSent' ? { event, ...sent } : { event, ...about }) satisfies AnyEvent,
      0,
    );
  }
}
