import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { secretScrubber, secretsInUrl, shownUrl } from './secretScrubber.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';

test('a known secret is removed from every text, keys included, plain and URL-encoded', () => {
  const { scrub, holdsSecret } = secretScrubber(['p@ss word/of seven seas']);
  const report = {
    'p@ss word/of seven seas': 1,
    nested: [{ url: 'https://x/?a=p%40ss%20word%2Fof%20seven%20seas&b=1' }, null, true],
  };
  assert.ok(holdsSecret(JSON.stringify(report)));
  assert.deepEqual(scrub(report), {
    '[secret removed]': 1,
    nested: [{ url: 'https://x/?a=[secret removed]&b=1' }, null, true],
  });
});

test('a secret that was cut off is found', () => {
  const { scrub } = secretScrubber(['abcdefghijklmnopqrstuvwxyz']);
  assert.equal(scrub('token abcdefghijklmnop… end'), 'token [secret removed] end');
});

test('an unknown JSON Web Token is removed, whole or cut off', () => {
  const { scrub } = secretScrubber([]);
  assert.equal(scrub(`Bearer ${TOKEN}, then`), 'Bearer [secret removed], then');
  assert.equal(scrub(`Bearer ${TOKEN.slice(0, 30)}…`), 'Bearer [secret removed]…');
});

test('pictures and harmless text are not changed', () => {
  const { scrub, holdsSecret } = secretScrubber(['a secret of some length']);
  const picture = 'data:image/jpeg;base64,/9j/eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiJhZGEifQ==';
  assert.equal(scrub(picture), picture);
  assert.ok(!holdsSecret('eyJ stands for {" in base64. eyJ too'));
});

test('a secret of less than 12 characters is refused', () => {
  assert.throws(() => secretScrubber(['short']), /at least 12 characters/);
});

test('no secret is left, whatever its characters', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 60 }),
      fc.string(),
      fc.string(),
      (secret, before, after) => {
        const { scrub, holdsSecret } = secretScrubber([secret]);
        const clean = scrub({ a: [`${before}${secret}${after}`] });
        return !holdsSecret(clean.a[0] ?? '') && !clean.a[0]?.includes(secret);
      },
    ),
    { seed: 5, numRuns: 300 },
  );
});

const HTML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
};
const withUnicodeEscapes = (text: string) =>
  text.replaceAll(/[^\w .-]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** Ways to encode a text. */
const ENCODINGS: Record<string, (text: string) => string> = {
  plain: (text) => text,
  url: encodeURIComponent,
  'url within a url': (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams({ a: text }).toString(),
  'lower-case url': (text) =>
    encodeURIComponent(text).replaceAll(/%../g, (code) => code.toLowerCase()),
  json: (text) => JSON.stringify(text),
  'json within json': (text) => JSON.stringify(JSON.stringify({ a: text })),
  'json in ASCII': withUnicodeEscapes,
  html: (text) => text.replaceAll(/[&<>"']/g, (character) => HTML[character] ?? ''),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 of more': (text) => Buffer.from(`ada:${text}, and more`).toString('base64'),
  'base64 in a url': (text) => encodeURIComponent(Buffer.from(`a:${text}`).toString('base64')),
  base64url: (text) => Buffer.from(`xy${text}`).toString('base64url'),
};

for (const [name, encode] of Object.entries(ENCODINGS)) {
  test(`every secret written as ${name} is found, in a text and in bytes`, () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 14, maxLength: 40 }),
        fc.string({ unit: 'grapheme-ascii' }),
        (secret, around) => {
          const { scrub, scrubBytes, holdsSecret } = secretScrubber([secret]);
          const written = `${around} ${encode(secret)} ${around}`;
          const bytes = Buffer.from(written);
          assert.ok(holdsSecret(written) && holdsSecret(bytes), 'is not found');
          assert.ok(!holdsSecret(scrub(written)) && !holdsSecret(scrubBytes(bytes)), 'is left');
        },
      ),
      { seed: 5, numRuns: 100 },
    );
  });
}

test('JSON and Base64 stay valid when a secret in them is replaced', () => {
  const secret = 'a "quoted" \\ secret/of some length';
  const { scrub, scrubBytes } = secretScrubber([secret]);
  const json = JSON.stringify({ body: JSON.stringify({ key: secret, other: 'stays "here"' }) });
  const { body } = JSON.parse(scrub(json));
  assert.deepEqual(JSON.parse(body), { key: '[secret removed]', other: 'stays "here"' });
  const base64 = Buffer.from(`before ${secret} after`).toString('base64');
  const [scrubbed, plain] = [scrub(base64), Buffer.from(scrub(base64), 'base64').toString()];
  assert.equal(scrubbed.length, base64.length);
  assert.match(plain, /^befor.*fter$/s);
  const picture = Uint8Array.from({ length: 4096 }, (_, at) => (at * 73) % 256);
  assert.deepEqual(new Uint8Array(scrubBytes(picture)), picture);
});

test('a secret that was cut off inside Base64 or JSON is found', () => {
  const { scrub } = secretScrubber(['abcdefghijklmnopqrstuvwxyz']);
  const cut = Buffer.from('Bearer abcdefghijklmnop').toString('base64').slice(0, -2);
  assert.doesNotMatch(Buffer.from(scrub(cut), 'base64').toString(), /defghi/);
  const json = JSON.stringify(JSON.stringify(['abcdefghijklmno…', 1]));
  assert.equal(JSON.parse(scrub(json)), '["[secret removed]",1]');
});

test('the search takes linear time even for hostile texts', () => {
  const { holdsSecret } = secretScrubber(['p@ss word/of seven seas']);
  const msOf = (text: string): number => {
    const startMs = performance.now();
    holdsSecret(text);
    return performance.now() - startMs;
  };
  for (const unit of ['eyJ', '\\', '%25', '&#x0', 'p%25']) {
    const [shortMs, longMs] = [50_000, 400_000].map((length) =>
      Math.min(...[1, 2, 3].map(() => msOf(unit.repeat(length / unit.length)))),
    ) as [number, number];
    // Eight times the length: 64 times as long where it grows with the square.
    assert.ok(longMs < 25 * shortMs + 20, `${unit}: ${shortMs} ms, then ${longMs} ms`);
  }
});

test('the password and query values of a URL are secrets, in decoded form', () => {
  const url = 'https://someone:p%40ss-of-length@shop.example/?key=a%2Bkey%20of%20some%20length&v=2';
  assert.deepEqual(secretsInUrl(url), ['p@ss-of-length', 'a+key of some length']);
  assert.deepEqual(secretsInUrl('https://shop.example/path/that/is/long#fragment'), []);
  assert.deepEqual(secretsInUrl(null), []);
});

test('a query is not shown', () => {
  assert.equal(shownUrl('https://shop.example/chat?key=secret#top'), 'https://shop.example/chat?…');
  assert.equal(shownUrl('https://shop.example/chat'), 'https://shop.example/chat');
});
