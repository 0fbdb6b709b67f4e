import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Small enough to be forgotten as quickly as it is read. */
const PIECE_BYTES = 1 << 16;

/**
 * The lines of a text file one after the other, a piece of it in memory at a time: the record of a long load is larger than what is made of it.
 * @param fromByte where a line begins
 */
export function* linesOfFile(file: string, fromByte = 0): Generator<string> {
  const handle = openSync(file, 'r');
  try {
    const piece = new Uint8Array(PIECE_BYTES);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let position = fromByte;
    for (;;) {
      const length = readSync(handle, piece, 0, PIECE_BYTES, position);
      position += length;
      const text = length === 0 ? decoder.end() : decoder.write(piece.subarray(0, length));
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (length === 0) break;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(handle);
  }
}
