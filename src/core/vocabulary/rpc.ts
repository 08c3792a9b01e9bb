/** The RPCs between two processes; each has a request and a reply. */

/** Every RPC. `members` is true between two servers, false between a client and a server. */
export const RPCS = {
  PreVote: { members: true },
  RequestVote: { members: true },
  AppendEntries: { members: true },
  OpenSession: { members: false },
  Command: { members: false },
} as const satisfies Readonly<Record<string, { readonly members: boolean }>>;

/** The RPC that a message belongs to. */
export type Rpc = keyof typeof RPCS;
/** An RPC between two servers. */
export type MemberRpc = { [Name in Rpc]: (typeof RPCS)[Name]['members'] extends true ? Name : never }[Rpc];
/** An RPC between a client and a server. */
export type ClientRpc = Exclude<Rpc, MemberRpc>;

const NAMES = Object.keys(RPCS) as readonly Rpc[];

/** Names of the RPCs between two servers. */
export const MEMBER_RPCS: ReadonlySet<string> = new Set(NAMES.filter((name) => RPCS[name].members));
/** Names of the RPCs between a client and a server. */
export const CLIENT_RPCS: ReadonlySet<string> = new Set(NAMES.filter((name) => !RPCS[name].members));
