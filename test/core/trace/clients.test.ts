/** `clientsOf`: the clients of a run, their commands in progress and the servers from which they are cut. */
import { expect, test } from 'vitest';
import { clientsOf } from '../../../src/core/trace/clients.ts';
import { MAX_CLIENT_LINKS } from '../../../src/core/trace/fold-network.ts';
import { createStory, type Story, startCluster } from './story.ts';

function ask(story: Story, client: string, server: string): void {
  const message = {
    id: `${client}.${story.events.length}`,
    link: `${client}>${server}` as const,
    kind: 'request',
  } as const;
  story.tell('network', { event: 'MessageSent', ...message, rpc: 'Command', term: null, dueUs: 5, bytes: 90 });
}

test('clients: none has sent a message → null; a cut alone → still null', () => {
  const story = createStory();
  startCluster(story);
  story.tell('network', { event: 'LinkPolicyChanged', link: 'clients>S1', policy: { mode: 'cut' } });
  expect(clientsOf(story.view())).toBeNull();
});

test('clients: command in progress → waits until its answer', () => {
  const story = createStory();
  startCluster(story);
  const command = { op: 'set', key: 'z', value: '9' } as const;
  const asked = { operation: 'C1.1.op1', client: 'C1', session: 1, sequence: 1, command };
  story.tell('C1', { event: 'CommandInvoked', ...asked });
  ask(story, 'C1', 'S1');
  const waiting = [{ operation: 'C1.1.op1', command: 'set z 9' }];
  expect(clientsOf(story.view())).toEqual({ ids: ['C1'], hasMore: false, cutFrom: [], waiting });
  story.tell('C1', { event: 'CommandUnknown', operation: 'C1.1.op1', reason: 'timed-out', attempts: 2 });
  expect(clientsOf(story.view())?.waiting).toEqual([]);
});

test('clients: cut in one direction → named, in the order of the servers', () => {
  const story = createStory();
  startCluster(story);
  ask(story, 'C1', 'S1');
  ask(story, 'C2', 'S1');
  story.tell('network', { event: 'LinkPolicyChanged', link: 'S4>clients', policy: { mode: 'hold' } });
  story.tell('network', { event: 'LinkPolicyChanged', link: 'clients>S2', policy: { mode: 'cut' } });
  expect(clientsOf(story.view())).toMatchObject({ ids: ['C1', 'C2'], cutFrom: ['S2', 'S4'] });
});

test('clients: more than are counted one by one → further ones are marked', () => {
  const story = createStory();
  startCluster(story);
  for (let client = 1; client <= MAX_CLIENT_LINKS + 1; client += 1) ask(story, `C${client}`, 'S1');
  const clients = clientsOf(story.view());
  expect([clients?.ids.length, clients?.hasMore]).toEqual([MAX_CLIENT_LINKS, true]);
});
