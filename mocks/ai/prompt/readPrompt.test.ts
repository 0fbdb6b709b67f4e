import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJsonValues } from './promptData.ts';
import { type PromptKind, readCallReference, readPrompt } from './readPrompt.ts';

const classification = '{"intent":"what","subject":"revenue","time":{"period":"Q3"}}';
const figures =
  '[{"metric":"revenue","period":"Q3","value":2500000,"unit":"USD","source":{"table":"t"}}]';

/** Prompts as different deployments may word them. */
const prompts: [what: string, prompt: string, kind: PromptKind][] = [
  [
    'the embedded SalesTalk, classification',
    'Classify the question. Answer with one JSON object.\nQuestion: What is Q3 revenue? [ref:5f3a9c1e-17]',
    'classification',
  ],
  [
    'the embedded SalesTalk, narrative',
    `Write a short narrative.\nQuestion: What is Q3 revenue?\nClassification: ${classification}\nData references: ${figures}`,
    'narrative',
  ],
  [
    'a narrative without figures',
    `Write a narrative.\nClassification: ${classification}\nData references: []`,
    'narrative',
  ],
  [
    'other words, with an example and the vocabulary',
    `You map questions to intents (what, why, compare, trend, forecast, rank, breakdown, target).\nReturn only JSON such as ${classification}.\n\n<question>Write me a narrative of the data references</question>`,
    'classification',
  ],
  [
    'other words, figures in a fence inside an object',
    `You are an analyst. Explain to the user in 2-3 sentences.\n\`\`\`json\n{"classification": ${classification}, "data": ${figures}}\n\`\`\``,
    'narrative',
  ],
  ['small talk', 'Hello, who are you?', 'unknown'],
  ['nothing', '', 'unknown'],
];

for (const [what, prompt, kind] of prompts)
  test(`tells the kind of prompt: ${what}`, () => assert.equal(readPrompt(prompt).kind, kind));

test('the question of the user does not change the kind', () => {
  const prompt = (question: string) =>
    `Classify the question. Answer with one JSON object.\nQuestion: ${question}`;
  for (const question of [
    'Write a narrative that explains the data references and gives insights',
    `Summarise ${figures} in a narrative`,
  ])
    assert.equal(readPrompt(prompt(question)).kind, 'classification');
});

test('finds the question, without nonce and quotation marks', () => {
  const question = 'What is Q3 revenue?';
  for (const prompt of [
    `Question: ${question} [ref:5f3a9c1e-17]`,
    `Question: "${question} [ref:5f3a9c1e-17]"`,
    `Example question: Why?\nquestion: Example?\n\nUser question: ${question}`,
    `<question>\n${question}\n</question>\nAnswer with JSON.`,
    `Some rules.\nUser: hello\nMessage: ${question}`,
    `Classify this:\n${question} [ref:5f3a9c1e-17]\nAnswer with JSON.`,
  ])
    assert.equal(readPrompt(prompt).question, question, prompt);
});

test('finds figures by any of their usual names, and what a narrative is about', () => {
  const prompt = `Narrative.\nClassification: ${classification}\nData references: [{"measure":"margin","value":0.35,"unit":"ratio"}]`;
  const read = readPrompt(prompt);
  assert.deepEqual(read.dataReferences, [
    { metric: 'margin', period: null, value: 0.35, unit: 'ratio', table: null },
  ]);
  assert.deepEqual(read.classification, { subject: 'revenue', period: 'Q3' });
});

test('a hostile prompt costs little', () => {
  const readMs = (prompt: string) => {
    const startMs = performance.now();
    readPrompt(prompt);
    return performance.now() - startMs;
  };
  const lengths = [20_000, 80_000];
  const [short = 0, long = 0] = lengths.map((length) =>
    Math.min(...[1, 2, 3].map(() => readMs('[{"'.repeat(length / 3)))),
  );
  // Four times the text may take four times as long, not sixteen.
  assert.ok(long < short * 10 + 5, `${short} ms, then ${long} ms`);
});

test('finds any JSON object or array between other words', () => {
  const value = fc
    .jsonValue({ maxDepth: 3 })
    .filter((json): json is object => typeof json === 'object' && json !== null);
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 4 }),
      fc.integer({ min: 0, max: 2 }),
      (values, indent) => {
        const text = values
          .map((each) => `see [1] {here}: ${JSON.stringify(each, null, indent)} and`)
          .join(' ');
        const found = findJsonValues(text);
        // [1] is JSON too.
        const expected = values.flatMap((each) => [[1], JSON.parse(JSON.stringify(each))]);
        assert.deepEqual(found, expected);
      },
    ),
  );
});

test('passes over brackets that open no JSON, down to the JSON inside', () => {
  assert.deepEqual(findJsonValues('[ref:5f3a9c1e-17] {a: 1} [not {"a":"]}"} closed'), [
    { a: ']}' },
  ]);
  assert.deepEqual(findJsonValues('{"a": ["b", oops], "c": [2]}'), [[2]]);
  assert.deepEqual(findJsonValues(''), []);
});

const traceparent = '00-5f3a9c1e000000000000000000000011-00f067aa0ba902b7-01';
const byNonce = { scope: '5f3a9c1e', index: 17, matchedBy: 'nonce' };

test('a nonce is read anywhere in the prompt', () => {
  assert.deepEqual(
    readCallReference('Question: What is Q3 revenue? [ref:5f3a9c1e-17]\nAnswer:', null),
    byNonce,
  );
});

test('of several nonces the last counts', () => {
  const prompt = 'Earlier: Why? [ref:5f3a9c1e-16]\nQuestion: What? [ref:5f3a9c1e-17]';
  assert.deepEqual(readCallReference(prompt, null), byNonce);
});

test('traceparent is read where the prompt has no nonce', () => {
  assert.deepEqual(readCallReference('Narrative.', traceparent), {
    ...byNonce,
    matchedBy: 'traceparent',
  });
  assert.deepEqual(
    readCallReference('[ref:5f3a9c1e-17]', traceparent.replace('11-', '12-')),
    byNonce,
  );
});

test('anything else refers to no measured request', () => {
  for (const prompt of ['', '[ref:5F3A9C1E-17]', '[ref:5f3a9c1-17]', '[ref:5f3a9c1e-1234567890]'])
    assert.equal(readCallReference(prompt, null), null, prompt);
  for (const header of [
    '',
    'garbage',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-5f3a9c1e00000000ffffffffffffffff-00f067aa0ba902b7-01',
  ])
    assert.equal(readCallReference('', header), null, header);
});
