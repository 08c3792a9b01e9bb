/** Types of parameters that fill the gaps of a sentence. A row names them, and callers must give exactly these. */

/** Types of the parameters of a row, by name. */
export type ParamTypes = Readonly<Record<string, 'text' | 'number' | 'text-or-number'>>;

/** The values that belong to these types. */
export type ParamsOf<Types extends ParamTypes> = {
  readonly [Name in keyof Types]: { text: string; number: number; 'text-or-number': string | number }[Types[Name]];
};
