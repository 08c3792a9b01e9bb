/** `ipcMain` of the stand-in: one handler for each channel, and answers that must be cloneable. */
import { EventEmitter } from 'node:events';
import { pack } from './values.mjs';

export class StandInIpc extends EventEmitter {
  #handlers = new Map();

  handle(channel, handler) {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }
  removeHandler(channel) {
    this.#handlers.delete(channel);
  }
  /** @returns {Promise<{ ok: boolean, text: string }>} what the page's `invoke` gets */
  async answer(channel, event, args) {
    try {
      const handler = this.#handlers.get(channel);
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
      return { ok: true, text: pack([await handler(event, ...args)]) };
    } catch (problem) {
      return { ok: false, text: pack([`Error invoking remote method '${channel}': ${problem}`]) };
    }
  }
}
