import type { Transform } from 'node:stream';
import zlib from 'node:zlib';

/** A thousand times a usual answer. A target that sends more must not fill the harness's memory. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The failure of a request whose answer is larger, announced, sent or decoded. */
export const BODY_TOO_LARGE = 'body too large';

/** Bytes of a body and when they arrived, in ms from sending. */
export type Piece = { atMs: number; bytes: Uint8Array };

/** The decoded body; `failure` says why the rest is missing, or is null. */
type DecodedContent = { pieces: Piece[]; failure: string | null };

/** More encodings than this have no good reason. */
const MAX_CODINGS = 4;

/**
 * Decodes a body by its `Content-Encoding` (RFC 9110, 8.4) piece by piece: decoded bytes keep the arrival time of their piece.
 * It runs after the answer has arrived, in zlib's thread, so it adds nothing to measured times. Never throws for a bad body.
 */
export async function decodeContent(
  pieces: readonly Piece[],
  encoding: string,
): Promise<DecodedContent> {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const known = codings.filter((name) => name !== '' && name !== 'identity').reverse();
  let decoded: DecodedContent = { pieces: [...pieces], failure: null };
  if (known.length > MAX_CODINGS) return undecodable(`content encoded ${known.length} times`);
  for (const coding of known) {
    const decoder = createDecoder(coding, decoded.pieces);
    if (decoder === null) {
      return undecodable(`unknown content encoding ${JSON.stringify(coding.slice(0, 40))}`);
    }
    const after = await runDecoder(decoder, decoded.pieces, coding);
    // The first failure is the cause of the others.
    decoded = { pieces: after.pieces, failure: decoded.failure ?? after.failure };
  }
  return decoded;
}

function undecodable(failure: string): DecodedContent {
  return { pieces: [], failure };
}

function createDecoder(coding: string, pieces: readonly Piece[]): Transform | null {
  const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH, ZSTD_e_flush } = zlib.constants;
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ flush: Z_SYNC_FLUSH });
    case 'deflate':
      return hasZlibHeader(pieces)
        ? zlib.createInflate({ flush: Z_SYNC_FLUSH })
        : zlib.createInflateRaw({ flush: Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zlib.createZstdDecompress({ flush: ZSTD_e_flush });
    default:
      return null;
  }
}

/** "deflate" is the zlib format, but some servers send the bare stream (RFC 9110, 8.4.1.2). */
function hasZlibHeader(pieces: readonly Piece[]): boolean {
  const [first = 0, second = 0] = pieces.flatMap(({ bytes }) => [...bytes.subarray(0, 2)]);
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

async function runDecoder(
  decoder: Transform,
  pieces: readonly Piece[],
  coding: string,
): Promise<DecodedContent> {
  const decoded: Piece[] = [];
  let atMs = 0;
  let size = 0;
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  ended.catch(() => undefined);
  decoder.on('error', reject).on('end', resolve).on('close', resolve);
  decoder.on('data', (bytes: Uint8Array) => {
    size += bytes.length;
    if (size > MAX_BODY_BYTES) decoder.destroy();
    else decoded.push({ atMs, bytes });
  });
  try {
    for (const piece of pieces) {
      atMs = piece.atMs;
      const written = new Promise<void>((done) => decoder.write(piece.bytes, () => done()));
      await Promise.race([written, ended]);
      if (decoder.destroyed) break;
    }
    decoder.end();
    await ended;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { pieces: decoded, failure: `broken ${coding} content: ${code ?? message}` };
  } finally {
    decoder.destroy();
  }
  return size > MAX_BODY_BYTES
    ? { pieces: [], failure: BODY_TOO_LARGE }
    : { pieces: decoded, failure: null };
}

/** Shared by bodies of one piece: a new decoder costs more than its work. */
const SHARED_DECODER = new TextDecoder();

/**
 * Decodes the pieces of a body to text. A character that is split over pieces belongs to its last piece; an incomplete character
 * at the end becomes U+FFFD.
 * @param endedMs when the body ended: the time of that last character
 */
export function decodePieces(
  pieces: readonly Piece[],
  endedMs: number,
): { atMs: number; text: string }[] {
  const [first] = pieces;
  if (first === undefined) return [];
  if (pieces.length === 1) return [{ atMs: first.atMs, text: SHARED_DECODER.decode(first.bytes) }];
  const decoder = new TextDecoder();
  const decoded = pieces.map(({ atMs, bytes }) => ({
    atMs,
    text: decoder.decode(bytes, { stream: true }),
  }));
  const rest = decoder.decode();
  return rest === '' ? decoded : [...decoded, { atMs: endedMs, text: rest }];
}
