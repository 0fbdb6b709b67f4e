import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { secretScrubber } from './secretScrubber.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl';

test('takes a known secret out of every text, keys included, as it is and as a URL writes it', () => {
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

test('finds a secret that was cut off', () => {
  const { scrub } = secretScrubber(['abcdefghijklmnopqrstuvwxyz']);
  assert.equal(scrub('token abcdefghijklmnop… end'), 'token [secret removed] end');
});

test('takes out a JSON Web Token that nobody named, whole or cut off', () => {
  const { scrub } = secretScrubber([]);
  assert.equal(scrub(`Bearer ${TOKEN}, then`), 'Bearer [secret removed], then');
  assert.equal(scrub(`Bearer ${TOKEN.slice(0, 30)}…`), 'Bearer [secret removed]…');
});

test('leaves pictures and harmless text as they are', () => {
  const { scrub, holdsSecret } = secretScrubber(['a secret of some length']);
  const picture = 'data:image/jpeg;base64,/9j/eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiJhZGEifQ==';
  assert.equal(scrub(picture), picture);
  assert.ok(!holdsSecret('eyJ stands for {" in base64. eyJ too'));
});

test('refuses a secret so short that harmless text would hold it', () => {
  assert.throws(() => secretScrubber(['short']), /at least 12 characters/);
});

test('no secret is left anywhere, whatever its characters', () => {
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
