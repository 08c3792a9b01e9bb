/** The models of published histories: one register, and a store of texts. */
import type { Model } from './operation.ts';

/** An operation on a register. Values are texts; `nil` stands for no value. */
export type RegisterInput =
  | { readonly f: 'read' }
  | { readonly f: 'write'; readonly value: string }
  | { readonly f: 'cas'; readonly from: string; readonly to: string };
export type RegisterOutput = { readonly value: string } | { readonly swapped: boolean } | { readonly written: true };

export const NIL = 'nil';

/** A register that is empty at first. */
export const register: Model<RegisterInput, RegisterOutput> = {
  initial: NIL,
  step(state, input, output) {
    switch (input.f) {
      case 'read':
        return output === null || !('value' in output) || output.value === state ? state : null;
      case 'write':
        return input.value;
      case 'cas': {
        const swaps = state === input.from;
        if (output !== null && 'swapped' in output && output.swapped !== swaps) return null;
        return swaps ? input.to : state;
      }
    }
  },
  describe(input, output) {
    if (input.f === 'read') return `read → ${output !== null && 'value' in output ? output.value : 'unknown'}`;
    if (input.f === 'write') return `write ${input.value}${output === null ? ', unknown' : ''}`;
    const came = output !== null && 'swapped' in output ? (output.swapped ? 'ok' : 'fail') : 'unknown';
    return `cas ${input.from} → ${input.to}: ${came}`;
  },
  isRead: ({ f }) => f === 'read',
};

export type TextInput =
  | { readonly f: 'get' }
  | { readonly f: 'put'; readonly value: string }
  | { readonly f: 'append'; readonly value: string };
/** The answer of get; empty for the other operations. */
export type TextOutput = string;

/** A text that is empty at first. */
export const text: Model<TextInput, TextOutput> = {
  initial: '',
  step(state, input, output) {
    switch (input.f) {
      case 'get':
        return output === null || output === state ? state : null;
      case 'put':
        return input.value;
      case 'append':
        return state + input.value;
    }
  },
  describe: (input, output) =>
    input.f === 'get'
      ? `get → ${output ?? 'unknown'}`
      : `${input.f} ${input.value}${output === null ? ', unknown' : ''}`,
  isRead: ({ f }) => f === 'get',
};
