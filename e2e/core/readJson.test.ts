import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBudget } from './budget/readBudget.ts';
import { readJson } from './readJson.ts';
import { SHOP, shopBudget } from './testing/shopBudget.ts';

function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

test('a budget with a key twice is refused with both places: a paste could undo the stricter of two objectives', () => {
  const at = (belowMs: number) =>
    `"search.latency.p95": { "belowMs": ${belowMs}, "sampleBudget": 65 }`;
  const text = JSON.stringify(shopBudget(), null, 2).replace(
    /"objectives": \{[\s\S]*?\n {2}\}/,
    `"objectives": {\n    ${at(2000)},\n    ${at(9000)}\n  }`,
  );
  const line = text.split('\n').findIndex((one) => one.includes('9000')) + 1;
  assert.equal(
    refusalOf(() => readBudget(text, 'budgets/shop.json', SHOP)),
    [
      'BUDGET_INVALID: A key stands twice in budgets/shop.json.',
      '  file     budgets/shop.json',
      '  at       objectives → "search.latency.p95"',
      `  found    the key at ${line - 1}:5 and again at ${line}:5`,
      '  expected each key once: of two, only the last would count',
      '  remedy   Take one of the two out.',
    ].join('\n'),
  );
});

test('a line of a file is told by its number in the file', () => {
  const source = {
    file: 'runs.ndjson',
    line: 7,
    code: 'HISTORY_INVALID',
    remedy: 'Mend it.',
  } as const;
  assert.deepEqual(readJson('\uFEFF{"a":1}\r', source), { a: 1 });
  assert.match(
    refusalOf(() => readJson('{"a":1,"a":2}', source)),
    /in line 7 of runs\.ndjson[\s\S]* 7:2 and again at 7:8$/m,
  );
  assert.match(
    refusalOf(() => readJson('{', source)),
    /^HISTORY_INVALID: Line 7 of runs\.ndjson is not JSON\./,
  );
});
