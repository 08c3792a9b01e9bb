/**
 * The page's side of the bridge: puts the frozen objects that the preload exposes on `window`, and calls the preload by
 * events.
 */
(() => {
  const fire = (type, detail) => document.dispatchEvent(new CustomEvent(`stand-in-${type}`, { detail }));
  const hear = (type, act) => document.addEventListener(`stand-in-${type}`, ({ detail }) => act(detail));
  const functions = new Map();
  const promises = new Map();
  let nextName = 1;
  let answer;
  const outward = (value) => {
    if (typeof value === 'function') {
      const name = `page-${nextName++}`;
      functions.set(name, value);
      return { $function: name };
    }
    if (value === null || typeof value !== 'object' || value instanceof Blob) return value;
    if (Array.isArray(value)) return value.map(outward);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, outward(one)]));
  };
  const inward = (value) => {
    if (value === null || typeof value !== 'object' || value instanceof Blob) return value;
    if (value.$function) return (...args) => call(value.$function, args);
    if (value.$promise) return new Promise((resolve, reject) => promises.set(value.$promise, { resolve, reject }));
    if (Array.isArray(value)) return value.map(inward);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inward(one)]));
  };
  const call = (name, args) => {
    answer = undefined;
    fire('call-preload', { name, args: args.map(outward) });
    const given = answer;
    if (given?.error !== undefined) throw new Error(given.error);
    return inward(given?.value);
  };
  hear('returned-by-preload', (detail) => {
    answer = detail;
  });
  hear('settle', ({ name, ok, value }) => {
    const promise = promises.get(name);
    promises.delete(name);
    if (ok) promise?.resolve(inward(value));
    else promise?.reject(new Error(value));
  });
  hear('call-page', ({ name, args }) => {
    let given;
    try {
      given = { value: outward(functions.get(name)(...args.map(inward))) };
    } catch (problem) {
      given = { error: String(problem?.message ?? problem) };
    }
    fire('returned-by-page', given);
  });
  hear('expose', ({ name, api }) => {
    const value = Object.freeze(inward(api));
    Object.defineProperty(window, name, { value, enumerable: true, writable: false, configurable: false });
  });
  fire('page-is-there');
})();
