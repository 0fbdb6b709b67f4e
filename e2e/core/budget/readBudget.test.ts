import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalMessage } from '../../testing/catchMessage.ts';
import { BROKEN_SHOP, SHOP, type ShopBudget, shopBudget } from '../testing/shopBudget.ts';
import type { Budget } from './budgetSchema.ts';
import { readBudget } from './readBudget.ts';

const FILE = 'budgets/shop.json';
const REMEDY =
  'Correct the file; editors check it against budgets/budget.schema.json while you type.';

/** The message that refuses the shop's budget after a change. */
function messageOf(change: (budget: ShopBudget) => unknown): string {
  const budget = shopBudget();
  return refusal(JSON.stringify(change(budget) ?? budget));
}

function refusal(text: string, catalogue = SHOP): string {
  return refusalMessage(() => readBudget(text, FILE, catalogue));
}

function invalid(at: string, found: string, expected: string, more = ''): string {
  return [
    `BUDGET_INVALID: ${FILE} is not a valid budget${more}.`,
    `  file     ${FILE}`,
    `  where    ${at}`,
    `  found    ${found}`,
    `  expected ${expected}`,
    `  remedy   ${REMEDY}`,
  ].join('\n');
}

const P95 = 'search.latency.p95';
const AT_P95 = `objectives → "${P95}"`;

test('a good budget is read, with the defaults filled in', () => {
  const { budget } = readBudget(JSON.stringify(shopBudget()), FILE, SHOP);
  assert.deepEqual(budget.objectives[P95], {
    belowMs: 2000,
    sampleBudget: 65,
    onInconclusive: 'fail',
  });
  assert.equal(budget.objectives['shop.availability']?.onInconclusive, 'report');
  assert.deepEqual(budget.statistics, { falsePass: 0.05, falseFail: 0.01 });
  assert.deepEqual(budget.knownGaps, []);
});

test('a byte order mark at the beginning is ignored', () => {
  assert.equal(refusal(`\uFEFF${JSON.stringify(shopBudget())}`), 'accepted');
});

const EXTENDED = 'budgets/common.json';

const baseOf = (common: object) => (name: string) => ({
  file: `budgets/${name}`,
  text: JSON.stringify(common),
});

/** The budget that `differences` make of the shop's, or the message that refuses it. */
function extended(differences: object, common: object = shopBudget()): Budget | string {
  const text = JSON.stringify({ extends: 'common.json', ...differences });
  try {
    return readBudget(text, FILE, SHOP, baseOf(common)).budget;
  } catch (error) {
    return (error as Error).message;
  }
}

test('a file that extends another one replaces entries of it', () => {
  const { budget: whole } = readBudget(JSON.stringify(shopBudget()), FILE, SHOP);
  assert.deepEqual(extended({}), whole);
  const objective = { belowMs: 900, sampleBudget: 70 };
  assert.deepEqual(extended({ objectives: { [P95]: objective } }), {
    ...whole,
    objectives: { ...whole.objectives, [P95]: { ...objective, onInconclusive: 'fail' } },
  });
  assert.deepEqual(extended({ ceilings: { requestsPerRun: 7 } }), {
    ...whole,
    ceilings: { ...whole.ceilings, requestsPerRun: 7 },
  });
  assert.deepEqual(extended({ hosts: ['shop.example'] }), { ...whole, hosts: ['shop.example'] });
  const { [P95]: _, ...others } = whole.objectives;
  assert.deepEqual(extended({ objectives: { [P95]: null } }), { ...whole, objectives: others });
});

test('what a budget inherits is known by the file that it comes from', () => {
  const own = { extends: 'common.json', objectives: { [P95]: { belowMs: 900, sampleBudget: 70 } } };
  const { inheritedFrom } = readBudget(JSON.stringify(own), FILE, SHOP, baseOf(shopBudget()));
  assert.equal(inheritedFrom('objectives', 'search.latency.p50'), EXTENDED);
  assert.equal(inheritedFrom('objectives', P95), undefined);
  assert.equal(inheritedFrom('hosts'), EXTENDED);
  assert.equal(inheritedFrom('knownGaps'), undefined, 'neither file lists gaps');
  const whole = readBudget(JSON.stringify(shopBudget()), FILE, SHOP);
  assert.equal(whole.inheritedFrom('objectives', P95), undefined);
});

test('a mistake is reported with the file that contains it', () => {
  const wrong = { objectives: { [P95]: { belowMs: -1, sampleBudget: 65 } } };
  const inOwn = extended(wrong);
  const inCommon = extended({}, { ...shopBudget(), ...wrong });
  assert.match(String(inOwn), /file {5}budgets\/shop\.json\n {2}where {4}objectives → "search/);
  assert.match(
    String(inCommon),
    /file {5}budgets\/common\.json\n {2}where {4}objectives → "search/,
  );
  const { hosts: _, ...hostless } = shopBudget();
  assert.match(String(extended({}, hostless)), /budgets\/shop\.json\n {2}where {4}hosts/);
});

test('a file that is extended cannot extend another, and is in the same folder', () => {
  assert.match(
    String(extended({}, { ...shopBudget(), extends: 'further.json' })),
    new RegExp(`file {5}${EXTENDED}\n {2}where {4}extends\n {2}found {4}further.json`),
  );
  assert.match(String(extended({ extends: '../x.json' })), /the name of a file beside this one/);
});

test('text that is not JSON is refused', () => {
  for (const [text, found] of [
    ['', 'Unexpected end of JSON input'],
    ['{"hosts": [', 'Unexpected end of JSON input'],
    ['{"a":1,}', 'Expected double-quoted property name in JSON at position 7 (line 1 column 8)'],
  ] as const) {
    assert.equal(
      refusal(text),
      [
        `BUDGET_INVALID: ${FILE} is not JSON.`,
        `  file     ${FILE}`,
        `  found    ${found}`,
        '  expected one JSON object',
        '  remedy   Correct the file; JSON has no comments and no trailing commas.',
      ].join('\n'),
    );
  }
});

test('JSON that is not an object is refused', () => {
  for (const text of ['null', '[]', '3'])
    assert.equal(refusal(text), invalid('the top level', text, 'an object'));
});

test('an unknown key is refused with the known keys', () => {
  assert.equal(
    messageOf((budget) => ({ ...budget, host: ['x'] })),
    invalid(
      'the top level',
      'unknown key "host"',
      'no keys but $schema, extends, hosts, pageHosts, http, supports, ceilings, statistics, knownGaps, embedded, objectives, loads',
    ),
  );
  assert.equal(
    messageOf((budget) => void Object.assign(budget.supports, { apis: true })),
    invalid(
      'supports',
      'unknown key "apis"',
      'no keys but api, ui, streaming, mockedAi, serverMetrics',
    ),
  );
  assert.equal(
    messageOf((budget) => {
      budget.objectives[P95] = { belowMs: 2000, sampleBudget: 65, below: 1 };
    }),
    invalid(AT_P95, 'unknown key "below"', 'no keys but belowMs, sampleBudget, onInconclusive'),
  );
});

test('an objective that does not exist is refused with those of its operation, else with the operations', () => {
  const operations = {
    ...SHOP.operations,
    'shop.stock': { workload: 'stock', metrics: { availability: [] } },
  };
  const refused = (id: string) => {
    const budget = shopBudget();
    budget.objectives[id] = { belowMs: 2000, sampleBudget: 65 };
    return refusal(JSON.stringify(budget), { ...SHOP, operations });
  };
  for (const [id, expected] of [
    ['shop.uptime', 'shop.availability'],
    ['shop', 'shop.availability'],
    ['shop.stock.uptime', 'shop.stock.availability'],
    [
      'serch.latency.p95',
      '<operation>.<metric>.<statistic>, with an operation of search, shop, shop.stock',
    ],
  ] as const) {
    assert.equal(
      refused(id),
      invalid('objectives', `an objective that does not exist, "${id}"`, expected),
    );
  }
  const both = messageOf(
    ({ objectives }) => void Object.assign(objectives, { 'shop.a': {}, b: {} }),
  );
  assert.match(both, /^ {2}found {4}objectives that do not exist, "shop\.a", "b"$/m);
  const ids = /^ {2}expected search\.latency\.p50, .*, search\.modelCalls\.perRequest$/m;
  assert.match(refused('search.latency.p94'), ids);
});

test('a number that is out of range, of another type or missing is refused', () => {
  const withP95 = (objective: unknown) => (budget: ShopBudget) => {
    Object.assign(budget.objectives, { [P95]: objective });
  };
  const atLimit = `${AT_P95} → belowMs`;
  const atSize = `${AT_P95} → sampleBudget`;
  for (const [objective, at, found, expected] of [
    [{ belowMs: -1, sampleBudget: 65 }, atLimit, '-1', 'more than 0'],
    [{ belowMs: 0, sampleBudget: 65 }, atLimit, '0', 'more than 0'],
    [{ belowMs: '2000', sampleBudget: 65 }, atLimit, '"2000"', 'a number'],
    [{ belowMs: null, sampleBudget: 65 }, atLimit, 'null', 'a number'],
    [{ sampleBudget: 65 }, atLimit, 'nothing', 'a number'],
    [{ belowMs: 2000 }, atSize, 'nothing', 'a number'],
    [{ belowMs: 2000, sampleBudget: 65.5 }, atSize, '65.5', 'a whole number'],
    [{ belowMs: 2000, sampleBudget: -59 }, atSize, '-59', 'more than 0'],
    [{ belowMs: 2000, sampleBudget: 1_000_001 }, atSize, '1000001', 'at most 1000000'],
    [2000, AT_P95, '2000', 'an object'],
  ] as const) {
    assert.equal(messageOf(withP95(objective)), invalid(at, found, expected));
  }
});

test('a share that was written as a percentage is refused', () => {
  assert.equal(
    messageOf((budget) => {
      budget.objectives['shop.availability'] = { aboveShare: 99.9, sampleBudget: 65 };
    }),
    invalid(
      'objectives → "shop.availability" → aboveShare',
      '99.9',
      'less than 1: it is a share, so 99.9 % is 0.999',
    ),
  );
});

test('a word that is not allowed is refused with those that are', () => {
  assert.equal(
    messageOf((budget) => {
      budget.objectives[P95] = { belowMs: 2000, sampleBudget: 65, onInconclusive: 'ignore' };
    }),
    invalid(`${AT_P95} → onInconclusive`, '"ignore"', '"fail" or "report"'),
  );
});

test('an unknown gap, a repeated one, and one without a description are refused', () => {
  const gap = { id: 'retries', what: 'x', release: 'v1', impact: 'low', rationale: 'x' };
  const withGaps = (...knownGaps: object[]) =>
    refusal(JSON.stringify({ ...shopBudget(), knownGaps }), BROKEN_SHOP);
  assert.equal(withGaps(gap, { ...gap, id: 'time-outs' }), 'accepted');
  assert.equal(
    withGaps({ ...gap, id: 'retrys' }),
    invalid('knownGaps → 0 → id', '"retrys"', '"retries" or "time-outs"'),
  );
  assert.match(withGaps(gap, gap), /^ {2}where {4}knownGaps\n.*\n {2}expected each gap once$/m);
  assert.equal(
    withGaps({ ...gap, what: '' }),
    invalid('knownGaps → 0 → what', '""', 'at least 1 character'),
  );
  assert.equal(
    messageOf((budget) => ({ ...budget, knownGaps: [gap] })),
    invalid('knownGaps → 0 → id', '"retries"', 'nothing, since no value is allowed here'),
  );
});

test('each objective has the key of its metric, and no other', () => {
  const withGrowth = (objective: object) =>
    refusal(
      JSON.stringify({ ...shopBudget(), objectives: { 'down.gapGrowth.p50': objective } }),
      BROKEN_SHOP,
    );
  assert.equal(withGrowth({ aboveFactor: 1.6, sampleBudget: 60 }), 'accepted');
  assert.equal(
    withGrowth({ belowMs: 1.6, sampleBudget: 60 }),
    invalid(
      'objectives → "down.gapGrowth.p50"',
      'unknown key "belowMs"',
      'no keys but aboveFactor, sampleBudget, onInconclusive',
    ),
  );
});

test('a time-out objective has a default limit', () => {
  const withTimeout = { ...shopBudget(), objectives: { 'down.timeout': { sampleBudget: 5 } } };
  const { objectives } = readBudget(JSON.stringify(withTimeout), FILE, BROKEN_SHOP).budget;
  assert.equal(objectives['down.timeout']?.clientTimeoutMs, 30_000);
});

test('the first mistake is reported with the number of further ones', () => {
  assert.equal(
    messageOf((budget) => void Reflect.deleteProperty(budget.supports, 'ui')),
    invalid('supports → ui', 'nothing', 'true or false'),
  );
  assert.equal(
    messageOf(() => ({})),
    invalid('hosts', 'nothing', 'a list', ' (and 3 more after this one)'),
  );
});

test('hosts that no URL can match, or that match too many, are refused', () => {
  const spelling = 'a host or host:port in lower case, without scheme, path or wildcard';
  const canonical = 'a host or host:port, spelt as a URL parser gives it back';
  for (const [host, expected] of [
    ['https://shop.example', spelling],
    ['shop.example/api', spelling],
    ['Shop.example', spelling],
    ['*.example', spelling],
    ['user@shop.example', spelling],
    ['', spelling],
    ['shop.example:99999', canonical],
    ['shop.example.', canonical],
    ['127.1', canonical],
    ['127.0.0.1.', canonical],
    ['[0:0:0:0:0:0:0:1]', canonical],
    ['..', canonical],
  ] as const) {
    assert.equal(
      messageOf((budget) => void budget.hosts.splice(0, 3, host)),
      invalid('hosts → 0', JSON.stringify(host), expected),
    );
  }
  assert.equal(
    messageOf((budget) => ({ ...budget, hosts: [] })),
    invalid('hosts', '[]', 'at least 1 entry'),
  );
  for (const host of ['shop.example:80', 'shop.example:443', '10.0.0.1:8080', '[::1]:8080'])
    assert.equal(
      messageOf((budget) => void budget.hosts.splice(0, 3, host)),
      'accepted',
      host,
    );
});

test('control characters in a key are not printed', () => {
  const message = messageOf((budget) => ({ ...budget, '\u001b[31m\u202ered\n::error::': 1 }));
  assert.match(message, /unknown key "\\u001b\[31m red\\n::error::"/);
});
