import assert from 'node:assert/strict';
import type { Transform } from 'node:stream';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { decodeContent, MAX_BODY_BYTES, type Piece } from './responseBody.ts';

type Encoder = Transform & { flush: (done: () => void) => void };

const ENCODERS: Record<string, { coding: string; make: () => Encoder }> = {
  gzip: { coding: 'gzip', make: () => zlib.createGzip() },
  'gzip in capitals': { coding: 'X-GZIP', make: () => zlib.createGzip() },
  deflate: { coding: 'deflate', make: () => zlib.createDeflate() },
  'deflate without its header': { coding: 'deflate', make: () => zlib.createDeflateRaw() },
  br: { coding: 'br', make: () => zlib.createBrotliCompress() },
  zstd: { coding: 'zstd', make: () => zlib.createZstdCompress() },
};

const LINES = Array.from(
  { length: 6 },
  (_, at) => `${JSON.stringify({ at, text: 'narrative ' })}\n`,
);

/** Lines as an encoder that flushes after each sends them, one every 10 ms. */
async function encodedLines(encoder: Encoder): Promise<Piece[]> {
  const pieces: Piece[] = [];
  let atMs = 0;
  encoder.on('data', (bytes: Uint8Array) => pieces.push({ atMs, bytes }));
  for (const line of LINES) {
    atMs += 10;
    encoder.write(line);
    await new Promise<void>((resolve) => encoder.flush(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  atMs += 10;
  const ended = new Promise((resolve) => encoder.once('end', resolve));
  encoder.end();
  await ended;
  return pieces;
}

const textOf = (pieces: Piece[]) => Buffer.concat(pieces.map(({ bytes }) => bytes)).toString();
const whole = (bytes: Uint8Array): Piece[] => [{ atMs: 1, bytes }];

for (const [name, { coding, make }] of Object.entries(ENCODERS)) {
  test(`${name}: each line is readable at the time at which its last byte came`, async () => {
    const { pieces, failure } = await decodeContent(await encodedLines(make()), coding);
    assert.equal(failure, null);
    const byTime = Map.groupBy(pieces, ({ atMs }) => atMs);
    assert.deepEqual(
      [...byTime].map(([atMs, some]) => [atMs, textOf(some)]),
      LINES.map((line, at) => [(at + 1) * 10, line]),
    );
  });

  test(`${name}: bytes that come one by one make the same text`, async () => {
    const encoded = Buffer.concat((await encodedLines(make())).map(({ bytes }) => bytes));
    const single = [...encoded].map((byte, atMs) => ({ atMs, bytes: Uint8Array.of(byte) }));
    const { pieces, failure } = await decodeContent(single, coding);
    assert.deepEqual([textOf(pieces), failure], [LINES.join(''), null]);
  });
}

test('content that is encoded twice is decoded twice, the last coding first', async () => {
  const twice = whole(zlib.brotliCompressSync(zlib.gzipSync('text')));
  const { pieces, failure } = await decodeContent(twice, 'gzip, identity, br');
  assert.deepEqual([textOf(pieces), failure], ['text', null]);
  const { failure: refused } = await decodeContent(twice, 'gzip,gzip,gzip,gzip,gzip');
  assert.equal(refused, 'content encoded 5 times');
});

test('names an unknown encoding and shows nothing of the body', async () => {
  for (const coding of ['compress', 'aes128gcm', `x${'y'.repeat(1000)}`]) {
    const { pieces, failure } = await decodeContent(whole(Buffer.from('bytes')), coding);
    assert.deepEqual(pieces, []);
    assert.equal(failure, `unknown content encoding "${coding.slice(0, 40)}"`);
  }
});

test('content of another encoding, or that ends too early, is broken', async () => {
  for (const bytes of [Buffer.from('hello'), zlib.gzipSync('hello').subarray(0, 12)]) {
    const { failure } = await decodeContent(whole(bytes), 'gzip');
    assert.match(failure ?? '', /^broken gzip content: Z_\w+$/);
  }
});

test('a bomb ends at the limit, in every encoding', async () => {
  const bytes = Buffer.alloc(64 * 1024 * 1024);
  for (const [coding, bomb] of [
    ['gzip', zlib.gzipSync(bytes)],
    ['deflate', zlib.deflateSync(bytes)],
    [
      'br',
      zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    ],
    ['zstd', zlib.zstdCompressSync(bytes)],
  ] as const) {
    const { pieces, failure } = await decodeContent(whole(bomb), coding);
    assert.equal(failure, 'body too large', coding);
    const size = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
    assert.ok(size <= MAX_BODY_BYTES, `${size} bytes were kept`);
  }
  const largest = zlib.gzipSync(Buffer.alloc(MAX_BODY_BYTES));
  const { failure } = await decodeContent(whole(largest), 'gzip');
  assert.equal(failure, null, 'the limit itself is allowed');
});
