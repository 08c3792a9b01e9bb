/**
 * The public surface of the wire: frames between processes, the control channel, and the codecs that check what
 * arrives. Other folders import from here. docs/wire-protocol.md describes it for programs in other languages.
 */
export { type Chance, createChance } from './chance.ts';
export {
  isClientId,
  isEndpoint,
  isJson,
  isProblem,
  isRunId,
  isServerId,
  MAX_JSON_DEPTH,
  type Problem,
} from './check.ts';
export {
  decodeClientReply,
  decodeClientRequest,
  encodeClientReply,
  encodeClientRequest,
  parseCommand,
  parseCommandResult,
} from './client-codec.ts';
export type { ClientReplyBody, ClientRequestBody, Json } from './client-protocol.ts';
export type { Command, CommandResult } from './commands.ts';
export {
  decodeControlUp,
  decodeNetworkRequest,
  decodeServerRequest,
  encodeControl,
  linkPolicySchema,
  parseNetworkSpec,
  parseServerSpec,
} from './control-codec.ts';
export {
  type ControlDown,
  type ControlUp,
  type Durability,
  type EventBody,
  EXIT,
  type NetworkRequest,
  type NetworkSpec,
  type ServerRequest,
  type ServerSpec,
  type ServerStateView,
  type StoreView,
  type Telemetry,
} from './control-protocol.ts';
export { parseLogEntry, parseWireEntry } from './entry.ts';
export {
  ALL_CLIENTS,
  type Endpoint,
  type FrameHeader,
  HELLO_HEADERS,
  type LinkId,
  MAX_FRAME_BYTES,
  PATHS,
  type Rpc,
  type ServerId,
  WIRE_VERSION,
} from './frame.ts';
export {
  checkLink,
  encodeFrame,
  type FrameStamp,
  MAX_HEADER_LENGTH,
  messageId,
  parseHeader,
  readHeader,
} from './header.ts';
export {
  checkHello,
  type HeaderRecord,
  type Hello,
  type HelloCheck,
  helloHeaders,
  loopbackHosts,
  refusalOf,
} from './hello.ts';
export {
  carries,
  type LinkPolicy,
  type LinkShape,
  LONG_REORDERING,
  PLAIN_SHAPE,
  samePolicy,
  UNRELIABLE,
} from './link-policy.ts';
export { decodeRaftMessage, encodeRaftMessage } from './raft-codec.ts';
