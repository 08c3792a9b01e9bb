/**
 * Errors of the lab. Inside the lab an error is thrown as a `LabProblem`; the dispatcher turns it into a value, so a door never
 * gets a rejection. Its message is the English sentence of resources/words/error.json, which says what happened, where, and what
 * to do.
 */
import sentences from '../../../resources/words/error.json';
import { type ErrorArguments, errorRow, type LabErrorCode } from '../catalogue/index.ts';
import { fillSentence } from '../vocabulary/index.ts';
import type { LabError, LabResult } from './api.ts';

/** The sentences by code. A code without a sentence does not compile. */
const SENTENCES: Readonly<Record<LabErrorCode, { readonly en: string }>> = sentences.error;

/** The error of this code with its English sentence. */
export function labError<Code extends LabErrorCode>(...given: ErrorArguments<Code>): LabError {
  const [code, params = {}] = given as unknown as readonly [code: Code, params?: LabError['params']];
  return { code, params, message: fillSentence(SENTENCES[code].en, params) };
}

/** An expected error, thrown inside the lab and caught by the dispatcher. */
export class LabProblem<Code extends LabErrorCode = LabErrorCode> extends Error {
  readonly error: LabError;

  constructor(...given: ErrorArguments<Code>) {
    const error = labError(...given);
    super(error.message);
    this.error = error;
  }
}

/** The value of an answer. @throws LabProblem its error */
export function unwrapped<Value>(result: LabResult<Value>): Value {
  if (result.ok) return result.value;
  const { code, params } = result.error;
  throw new LabProblem(...([code, params] as unknown as ErrorArguments));
}

/** True when a program that should judge a recording exits with the code for "no verdict" after this error. */
export function givesNoVerdict({ code }: LabError): boolean {
  return errorRow(code)?.noVerdict === true;
}
