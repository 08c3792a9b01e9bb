/**
 * A stand-in for the lab, for tests of the window and the web host. It checks and records requests, returns the answers
 * that a test sets, and pushes when the test calls for it. It starts no process and writes no file.
 */

import { Readable } from 'node:stream';
import type { ExportFormat } from '../../src/core/catalogue/index.ts';
import {
  type Answer,
  type LabMode,
  type LabPush,
  type LabResult,
  parseAsk,
  type RequestName,
} from '../../src/core/lab-api/index.ts';
import { emptyView } from '../../src/core/trace/empty-view.ts';
import type { Lab } from '../../src/lab/types.ts';

export interface FakeLab extends Lab {
  /** Requests that passed the check. */
  readonly asked: { readonly name: RequestName; readonly ask: unknown }[];
  readonly calls: string[];
  /** Paths that were opened; for opened bytes `name: content`. */
  readonly opened: string[];
  readonly listeners: Set<(push: LabPush) => void>;
  /** Answers requests; a test replaces it. */
  answer: (name: RequestName, ask: unknown) => Promise<LabResult<unknown>>;
  exported: (format?: ExportFormat) => ReturnType<Lab['exportRun']>;
  push(push: LabPush): void;
}

export const modePush: LabPush = { type: 'mode', mode: { mode: 'idle' }, view: emptyView };

export function createFakeLab(): FakeLab {
  const lab: FakeLab = {
    asked: [],
    calls: [],
    opened: [],
    listeners: new Set(),
    answer: async (name) => ({ ok: true, value: name.startsWith('list') ? [] : { mode: 'idle' } }),
    exported: async () => ({
      ok: true,
      value: { fileName: 'run-1.jsonl', stream: Readable.from(['{"seq":1}\n', '{"seq":2}\n']) },
    }),
    push(push) {
      for (const listener of [...lab.listeners]) listener(push);
    },
    async ask<Name extends RequestName>(name: Name, ask: unknown) {
      const parsed = parseAsk(name, ask);
      if (!parsed.ok) {
        const { detail } = parsed;
        return { ok: false, error: { code: 'bad-request', params: { detail }, message: detail } };
      }
      lab.asked.push({ name, ask });
      return (await lab.answer(name, ask)) as LabResult<Answer<Name>>;
    },
    listen(onPush) {
      lab.listeners.add(onPush);
      onPush(modePush);
      return () => {
        lab.listeners.delete(onPush);
      };
    },
    openPlace: async (place, endLive = false) => {
      lab.opened.push(endLive ? `${place}, endLive` : place);
      return (await lab.answer('openRun', { runId: place })) as LabResult<LabMode>;
    },
    openBytes: async ({ name, bytes }, endLive = false) => {
      const pieces = [];
      for await (const piece of bytes) pieces.push(piece);
      lab.opened.push(`${name}${endLive ? ', endLive' : ''}: ${Buffer.concat(pieces)}`);
      return (await lab.answer('openRun', { runId: name })) as LabResult<LabMode>;
    },
    play: async () => {
      throw new Error('this lab plays nothing');
    },
    exportRun: (format) => lab.exported(format),
    async close() {
      lab.calls.push('close');
    },
    notePower(change) {
      lab.calls.push(change);
    },
    killNow() {
      lab.calls.push('killNow');
    },
  };
  return lab;
}
