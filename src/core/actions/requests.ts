/**
 * The table of all requests. Names, asks and answers follow from it, and so do the check of requests (parse-ask.ts), the lab's
 * dispatcher and the steps of scenarios (steps.ts). Requests name servers by id only. A door can send no pid, executable or
 * environment.
 */
import type * as v from 'valibot';
import { CLUSTER_ACTIONS } from './cluster-actions.ts';
import { COMMAND_ACTIONS } from './command-actions.ts';
import { LINK_ACTIONS } from './link-actions.ts';
import { QUESTIONS } from './questions.ts';
import type { ActionRow, Frozen, Needs, RequestRow } from './row.ts';
import { RUN_REQUESTS } from './run-requests.ts';
import { SCENARIO_REQUESTS } from './scenario-requests.ts';
import { SERVER_ACTIONS } from './server-actions.ts';

/** Actions on a live cluster. Each is a request and a step of a scenario; some are also random faults or have a key. */
export const ACTIONS = {
  ...SERVER_ACTIONS,
  ...LINK_ACTIONS,
  ...CLUSTER_ACTIONS,
  ...COMMAND_ACTIONS,
} satisfies Readonly<Record<string, ActionRow>>;

export const REQUESTS = {
  ...RUN_REQUESTS,
  ...ACTIONS,
  ...SCENARIO_REQUESTS,
  ...QUESTIONS,
} satisfies Readonly<Record<string, RequestRow>>;

type Table = typeof REQUESTS;

/** Name of a request. */
export type RequestName = keyof Table;
/** Name of an action on a live cluster. */
export type ActionName = keyof typeof ACTIONS;

type Inferred = {
  readonly [Name in RequestName]: {
    readonly ask: Frozen<v.InferOutput<Table[Name]['ask']>>;
    readonly answer: Table[Name]['answer']['type'];
  };
};

/** Types of every request's ask and answer, such as `Requests['kill']['answer']`. */
export interface Requests extends Inferred {}
/** The fields of a request of this name. */
export type Ask<Name extends RequestName> = Requests[Name]['ask'];
/** The value that a successful request of this name returns. */
export type Answer<Name extends RequestName> = Requests[Name]['answer'];

/** Names of the requests that need this state of the lab. */
export type NamesThatNeed<State extends Needs> = {
  [Name in RequestName]: Table[Name]['needs'] extends State ? Name : never;
}[RequestName];

/** Names of all requests, in the order of the table. */
export const REQUEST_NAMES = Object.keys(REQUESTS) as readonly RequestName[];
/** Names of all actions, in the order of the table. */
export const ACTION_NAMES = Object.keys(ACTIONS) as readonly ActionName[];

/** True for the name of a request. */
export function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(REQUESTS, name);
}

/** True for the name of an action. */
export function isActionName(name: unknown): name is ActionName {
  return typeof name === 'string' && Object.hasOwn(ACTIONS, name);
}
