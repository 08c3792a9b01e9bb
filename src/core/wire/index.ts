/**
 * The public surface of the wire: frames between processes, the control channel, and the codecs that check received
 * data. Other folders import from here. docs/wire-protocol.md describes the protocol for programs in other languages.
 */
export {
  ALL_CLIENTS,
  type Command,
  type CommandResult,
  carries,
  type Endpoint,
  isClientId,
  isServerId,
  type Json,
  type LinkId,
  type LinkPolicy,
  type LinkShape,
  LONG_REORDERING,
  PLAIN_SHAPE,
  type Rpc,
  type ServerId,
  samePolicy,
  UNRELIABLE,
} from '../vocabulary/index.ts';
export { type Chance, createChance } from './chance.ts';
export {
  isProblem,
  type Problem,
} from './check.ts';
export {
  decodeClientReply,
  decodeClientRequest,
  encodeClientReply,
  encodeClientRequest,
} from './client-codec.ts';
export type { ClientReplyBody, ClientRequestBody } from './client-protocol.ts';
export {
  decodeControlUp,
  decodeNetworkRequest,
  decodeServerRequest,
  encodeControl,
  parseNetworkSpec,
  parseServerSpec,
} from './control-codec.ts';
export {
  type ControlDown,
  type ControlUp,
  type Durability,
  type EventBody,
  EXIT,
  type LinkTiming,
  type NetworkRequest,
  type NetworkSpec,
  type ServerRequest,
  type ServerSpec,
  type ServerStateView,
  type ServerTiming,
  type StoreView,
  type Telemetry,
} from './control-protocol.ts';
export { parseLogEntry, parseWireEntry } from './entry.ts';
export {
  type FrameHeader,
  HELLO_HEADERS,
  MAX_FRAME_BYTES,
  PATHS,
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
export { decodeRaftMessage, encodeRaftMessage } from './raft-codec.ts';
