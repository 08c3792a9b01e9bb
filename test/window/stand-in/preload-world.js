/**
 * The `electron` module of a sandboxed preload. It runs before the built preload in an isolated world of the page.
 * ipcRenderer uses the binding `standInSend`. contextBridge copies values to the page's world with synchronous events
 * of the document, whose details are cloned between worlds; functions and promises become proxies.
 */
globalThis.standInRequire = (() => {
  const plain = (value) => {
    // Throws for values that a structured clone refuses.
    structuredClone(value);
    return JSON.stringify(value, (_key, one) =>
      one === undefined
        ? { $undefined: 1 }
        : typeof one === 'number' && !Number.isFinite(one)
          ? { $number: String(one) }
          : one,
    );
  };
  const revived = (value) => {
    if (value === null || typeof value !== 'object') return value;
    if ('$undefined' in value) return undefined;
    if ('$number' in value) return Number(value.$number);
    if (Array.isArray(value)) return value.map(revived);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revived(one)]));
  };
  const listeners = new Map();
  const waiting = new Map();
  let nextInvoke = 1;
  globalThis.standInReceive = (channel, text) => {
    for (const listener of [...(listeners.get(channel) ?? [])])
      listener({ sender: 'main' }, ...revived(JSON.parse(text)));
  };
  globalThis.standInAnswer = (id, ok, text) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    const [value] = revived(JSON.parse(text));
    if (ok) asked?.resolve(value);
    else asked?.reject(new Error(value));
  };

  const fire = (type, detail) => document.dispatchEvent(new CustomEvent(`stand-in-${type}`, { detail }));
  const hear = (type, act) => document.addEventListener(`stand-in-${type}`, ({ detail }) => act(detail));
  const functions = new Map();
  let nextName = 1;
  let answer;
  const outward = (value) => {
    if (typeof value === 'symbol') throw new TypeError('a symbol cannot cross the bridge');
    if (typeof value === 'function') {
      const name = `preload-${nextName++}`;
      functions.set(name, value);
      return { $function: name };
    }
    if (value instanceof Promise) {
      const name = `preload-${nextName++}`;
      value.then(
        (settled) => fire('settle', { name, ok: true, value: outward(settled) }),
        (problem) => fire('settle', { name, ok: false, value: String(problem?.message ?? problem) }),
      );
      return { $promise: name };
    }
    if (value === null || typeof value !== 'object' || value instanceof Blob) return value;
    if (Array.isArray(value)) return value.map(outward);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, outward(one)]));
  };
  const inward = (value) => {
    if (value === null || typeof value !== 'object' || value instanceof Blob) return value;
    if (value.$function) return (...args) => call(value.$function, args);
    if (Array.isArray(value)) return value.map(inward);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inward(one)]));
  };
  const call = (name, args) => {
    answer = undefined;
    fire('call-page', { name, args: args.map(outward) });
    const given = answer;
    if (given?.error !== undefined) throw new Error(given.error);
    return inward(given?.value);
  };
  hear('returned-by-page', (detail) => {
    answer = detail;
  });
  hear('call-preload', ({ name, args }) => {
    let given;
    try {
      given = { value: outward(functions.get(name)(...args.map(inward))) };
    } catch (problem) {
      given = { error: String(problem?.message ?? problem) };
    }
    fire('returned-by-preload', given);
  });
  const exposed = new Map();
  hear('page-is-there', () => {
    for (const [name, api] of exposed) fire('expose', { name, api: outward(api) });
  });

  const ipcRenderer = {
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    off(channel, listener) {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((one) => one !== listener),
      );
      return ipcRenderer;
    },
    send: (channel, ...args) => globalThis.standInSend(JSON.stringify({ kind: 'send', channel, text: plain(args) })),
    invoke: (channel, ...args) =>
      new Promise((resolve, reject) => {
        const id = nextInvoke++;
        const text = plain(args);
        waiting.set(id, { resolve, reject });
        globalThis.standInSend(JSON.stringify({ kind: 'invoke', id, channel, text }));
      }),
  };
  const contextBridge = {
    exposeInMainWorld(name, api) {
      if (exposed.has(name)) throw new Error('Cannot bind an API on top of an existing property on the window object');
      exposed.set(name, api);
    },
  };
  const webUtils = {
    getPathForFile(file) {
      if (!(file instanceof File)) throw new TypeError('getPathForFile takes a File');
      // Only Electron knows the path of a dropped file.
      return '';
    },
  };
  /** `require` of a sandboxed preload. */
  return (name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return { contextBridge, ipcRenderer, webUtils };
  };
})();
