/** Parameters that fill the gaps of a sentence: a row names them with their types, and tellers must give exactly these. */

/** Types of the parameters of a row, by name. */
export type ParamTypes = Readonly<Record<string, 'text' | 'number' | 'text-or-number'>>;

/** The parameters themselves. */
export type ParamsOf<Types extends ParamTypes> = {
  readonly [Name in keyof Types]: { text: string; number: number; 'text-or-number': string | number }[Types[Name]];
};
