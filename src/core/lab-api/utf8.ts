/** Decodes files that people open. A file in another encoding is refused, since replacement characters would change its content. */

/** The text without its byte order mark, or the first line (1-based) that is not UTF-8. */
export type DecodedText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly line: number };

/** A `TextDecoder` for UTF-8 that is `fatal`. The caller passes it, since the core has no such class. */
export interface FatalDecoder {
  /** @throws when the bytes are not UTF-8 */
  decode(bytes: Uint8Array): string;
}

export function decodeUtf8(bytes: Uint8Array, decoder: FatalDecoder): DecodedText {
  try {
    return { ok: true, text: decoder.decode(bytes) };
  } catch {
    return { ok: false, line: firstBadLine(bytes, decoder) };
  }
}

const LINE_FEED = 0x0a;

function firstBadLine(bytes: Uint8Array, decoder: FatalDecoder): number {
  let begin = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(LINE_FEED, begin);
    try {
      decoder.decode(bytes.subarray(begin, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    begin = end + 1;
  }
}
