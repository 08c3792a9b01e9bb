/** A connection to the browser door of a lab. It presents the launch token and sends requests as a dashboard does. */
import { WebSocket } from 'ws';
import type { Answer, LabResult, RequestName, Requests } from '../../core/lab-api/index.ts';

/** An open connection; call `close` at the end. */
export interface LabSocket {
  /** Sends a request. @throws Error with the lab's sentence, or when the connection is lost */
  ask<Name extends RequestName>(name: Name, ask: Requests[Name]['ask']): Promise<Answer<Name>>;
  close(): void;
}

const SUBPROTOCOL = 'raft-lab.v1';

interface Waiting {
  readonly answered: (result: LabResult<unknown>) => void;
  readonly lost: (problem: Error) => void;
}

/**
 * Connects to a lab's door.
 *
 * @param address  as the door prints it, `http://127.0.0.1:PORT/?token=…`
 * @throws Error when the door refuses the connection
 */
export async function openLabSocket(address: string): Promise<LabSocket> {
  const { host, searchParams } = new URL(address);
  const socket = new WebSocket(`ws://${host}/lab`, SUBPROTOCOL, {
    headers: { Authorization: `Bearer ${searchParams.get('token') ?? ''}` },
    perMessageDeflate: false,
  });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const lost = (problem: Error): void => {
    for (const one of waiting.values()) one.lost(problem);
    waiting.clear();
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.on('error', lost);
  socket.on('close', () => lost(new Error('the connection to the lab was lost')));
  socket.on('message', (data) => {
    // The message comes from our own program, perhaps from another checkout's version. Pushes have no id and are
    // skipped.
    const { id, result } = JSON.parse(String(data)) as { readonly id?: number; readonly result?: LabResult<unknown> };
    if (id === undefined || result === undefined) return;
    waiting.get(id)?.answered(result);
    waiting.delete(id);
  });
  return {
    ask: async (name, ask) => {
      asked += 1;
      const id = asked;
      const result = await new Promise<LabResult<unknown>>((answered, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(new Error('the connection to the lab was lost'));
        waiting.set(id, { answered, lost: reject });
        socket.send(JSON.stringify({ id, name, ask }));
      });
      if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
      return result.value as Answer<typeof name>;
    },
    close: () => socket.close(),
  };
}
