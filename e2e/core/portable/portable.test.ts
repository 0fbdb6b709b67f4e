import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededDraw } from '../statistics/seededDraw.ts';
import { arcTangent } from './arcTangent.ts';
import { exponential, exponentialLess1 } from './exponential.ts';
import { logarithm, logarithmOf1Plus } from './logarithm.ts';

const CASES = [
  { name: 'exponential', own: exponential, builtIn: Math.exp, from: -700, to: 700 },
  { name: 'exponential near 0', own: exponential, builtIn: Math.exp, from: -1, to: 1 },
  { name: 'exponentialLess1', own: exponentialLess1, builtIn: Math.expm1, from: -3, to: 3 },
  { name: 'logarithm', own: logarithm, builtIn: Math.log, from: 0, to: 3 },
  { name: 'logarithm of large ones', own: logarithm, builtIn: Math.log, from: 1, to: 1e9 },
  { name: 'logarithmOf1Plus', own: logarithmOf1Plus, builtIn: Math.log1p, from: -0.9, to: 2 },
  { name: 'arcTangent', own: arcTangent, builtIn: Math.atan, from: -20, to: 20 },
];

test('each agrees with its built-in but for the last bits', () => {
  for (const { name, own, builtIn, from, to } of CASES) {
    const draw = seededDraw(1);
    for (let turn = 0; turn < 20_000; turn++) {
      const x = from + (to - from) * draw();
      const expected = builtIn(x);
      const error = Math.abs(own(x) - expected) / Math.abs(expected);
      assert.ok(error <= 4 * Number.EPSILON, `${name} of ${x}: ${own(x)}, not ${expected}`);
    }
  }
});

test('small ones keep their digits', () => {
  for (const x of [1e-3, 1e-8, 1e-300, -1e-8]) {
    assert.ok(Math.abs(exponentialLess1(x) / Math.expm1(x) - 1) < 1e-15);
    assert.ok(Math.abs(logarithmOf1Plus(x) / Math.log1p(x) - 1) < 1e-15);
    assert.ok(Math.abs(arcTangent(x) / Math.atan(x) - 1) < 1e-15);
  }
});

test('ends and exceptions are those of the built-ins', () => {
  const odd = [
    0,
    1,
    -1,
    5e-324,
    1e-310,
    Number.MAX_VALUE,
    709.7,
    710,
    -745,
    -746,
    Infinity,
    -Infinity,
    NaN,
  ];
  for (const { own, builtIn } of CASES) {
    for (const x of odd) {
      const [actual, expected] = [own(x), builtIn(x)];
      const isClose =
        Math.abs(actual - expected) <= 4 * Number.EPSILON * Math.abs(expected) + 5e-324;
      assert.ok(
        Object.is(actual, expected) || isClose || (actual === 0 && expected === 0),
        `${builtIn.name} of ${x}: ${actual}`,
      );
    }
  }
});

test('the bits are the same in every runtime', () => {
  const hash = createHash('sha256');
  for (const { own, from, to } of CASES) {
    const draw = seededDraw(2);
    hash.update(
      new Uint8Array(
        Float64Array.from({ length: 20_000 }, () => own(from + (to - from) * draw())).buffer,
      ),
    );
  }
  assert.equal(hash.digest('hex').slice(0, 16), '375c3bd043676e48');
});

test('nothing that a verdict rests on uses a function that engines calculate as they like', () => {
  const core = fileURLToPath(new URL('..', import.meta.url));
  // How a value is written is no verdict.
  const isShown = (file: string) =>
    basename(file).startsWith('format') || file.endsWith('.test.ts');
  const files = globSync('**/*.ts', { cwd: core }).filter((file) => !isShown(file));
  assert.ok(files.length > 50);
  const free =
    /Math\.(a?(?:sin|cos|tan)h?|atan2|exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot)\b|[\w)\]] \*\* \w/;
  const found = files.filter((file) =>
    readFileSync(join(core, file), 'utf8')
      .split('\n')
      .some((line) => !/^\s*(\/\*|\*|\/\/)/.test(line) && free.test(line)),
  );
  assert.deepEqual(found, []);
});
