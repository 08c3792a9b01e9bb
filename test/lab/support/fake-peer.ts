/**
 * A program that behaves like a server towards the lab and knows no Raft. A file `behaviour.json` in its folder sets its
 * behaviour in each life: it can be slow, deaf, stubborn or damaged, which a real server rarely is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { WebSocket } from 'ws';
import { helloHeaders, isProblem, parseServerSpec } from '../../../src/core/wire/index.ts';

/** The fake's behaviour. Without a field it behaves like a server in that respect. */
export interface Behaviour {
  /** Writes this sentence to stderr and exits with this code before it is ready. */
  readonly failWith?: { readonly sentence: string; readonly code: number };
  readonly ignoreSigterm?: boolean;
  readonly ignoreControl?: boolean;
  readonly deaf?: boolean;
  /** Reports two events and leaves out two between them. */
  readonly leavesOut?: boolean;
  /** Announces a write and is silent from then on. */
  readonly hangsInWrite?: boolean;
}

for (const end of ['end', 'close'] as const) process.stdin.on(end, () => process.exit(0));
process.stdin.resume();

const parsed = parseServerSpec(process.env.RAFT_LAB_SERVER ?? '');
if (isProblem(parsed)) {
  console.error(parsed.problem);
  process.exit(64);
}
const spec = parsed;
const file = `${spec.folder}/behaviour.json`;
const behaviour: Behaviour = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
if (behaviour.failWith) {
  console.error(`\u001b[31m${behaviour.failWith.sentence}\u001b[0m`);
  process.exit(behaviour.failWith.code);
}
process.on('SIGTERM', () => {
  if (!behaviour.ignoreSigterm) process.exit(0);
});
console.log(`names: ${Object.keys(process.env).sort().join(' ')}`);
console.log(`flags: ${process.execArgv.join(' ')} mustExist ${spec.mustExist}`);

const listener = createServer().listen(0, '127.0.0.1', () => {
  const { port } = listener.address() as { port: number };
  const hello = helloHeaders({ runId: spec.runId, secret: spec.secret, from: spec.server, to: 'lab', life: spec.life });
  const control = new WebSocket(`${spec.controlUrl}/control`, { headers: hello });
  const say = (message: unknown): void => control.send(JSON.stringify(message));
  control.on('open', () => {
    say({ type: 'hello', program: 'server', pid: process.pid, life: spec.life, version: 1 });
    say({ type: 'ready', port });
    if (behaviour.leavesOut) {
      const cut = { timeUs: 1, life: spec.life, event: 'TornTailCut', file: 'log/tail-1.jsonl', offset: 1, bytes: 1 };
      say({ type: 'events', events: [{ ...cut, nseq: 1 }], coalesced: 0 });
      say({ type: 'events', events: [{ ...cut, nseq: 4 }], coalesced: 2 });
    }
  });
  control.on('message', (data) => {
    if (behaviour.deaf) return;
    if (behaviour.hangsInWrite) say({ type: 'events', events: [], coalesced: 0, writes: true });
    const { id, request } = JSON.parse(String(data));
    if (request.type === 'go') console.log('go');
    say({ type: 'answer', id, ok: true, value: { asked: request } });
  });
  control.on('close', () => {
    if (!behaviour.ignoreControl) process.exit(0);
  });
});
