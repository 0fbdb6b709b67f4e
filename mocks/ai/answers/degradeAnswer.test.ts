import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { callOverHttp1, exampleRequest, ROUTES, readAnswerText, testMock } from '../testMock.ts';
import { classifyQuestion } from './classifyQuestion.ts';
import { type DegradedAnswer, degradeAnswer } from './degradeAnswer.ts';

const TEXT = JSON.stringify(classifyQuestion('What is Q3 revenue?'), null, 2);
const degrade = (degraded: DegradedAnswer) => degradeAnswer(TEXT, 'classification', degraded) ?? '';

test('confidences out of range leave [0, 1], and nothing else changes', () => {
  const { confidence, ...rest } = JSON.parse(degrade({ kind: 'confidenceOutOfRange' }));
  const { confidence: intact, ...restIntact } = JSON.parse(TEXT);
  assert.deepEqual(rest, restIntact);
  const { overall, components } = confidence;
  assert.deepEqual(Object.keys(components), Object.keys(intact.components));
  for (const value of [overall, ...Object.values<number>(components)])
    assert.ok(value > 1 && value <= 100, `${value}`);
});

test('a huge answer has exactly the bytes asked for, and is still what it was', () => {
  const text = degrade({ kind: 'huge', sizeBytes: 50_000 });
  assert.equal(Buffer.byteLength(text), 50_000);
  const { notes, ...rest } = JSON.parse(text);
  assert.deepEqual(rest, JSON.parse(TEXT));
  assert.ok(notes.length > 49_000);
  const narrative = degradeAnswer('Revenue was €2.5M.', 'narrative', { kind: 'huge' }) ?? '';
  assert.equal(Buffer.byteLength(narrative), 1024 * 1024);
  assert.ok(narrative.startsWith('Revenue was €2.5M.'));
});

test('an answer that is longer already stays as it is', () => {
  assert.equal(degrade({ kind: 'huge', sizeBytes: 10 }), TEXT);
});

for (const route of ROUTES) {
  test(`${route.name}: a degraded answer is a whole one in the provider's own form`, async (context) => {
    const mock = await testMock(context);
    const ask = async (answer?: DegradedAnswer) => {
      await mock.behave(answer === undefined ? [] : [{ answer }]);
      const seen = await callOverHttp1(mock.url, exampleRequest(route, mock.prompt(1)));
      assert.deepEqual([seen.status, seen.ending], [200, 'complete']);
      return readAnswerText(route, seen);
    };
    const intact = JSON.parse(await ask());
    const malformed = await ask({ kind: 'malformedJson' });
    assert.throws(() => JSON.parse(malformed), SyntaxError);
    assert.match(malformed, /^\{[\s\S]*\}$/, 'what stands between the braces is no JSON either');
    const fenced = await ask({ kind: 'fencedJson' });
    assert.deepEqual(JSON.parse(fenced.split('```json')[1]?.split('```')[0] ?? ''), intact);
    const otherSchema = JSON.parse(await ask({ kind: 'wrongSchema' }));
    assert.ok(Object.keys(intact).every((key) => !(key in otherSchema)));
    const outOfRange = JSON.parse(await ask({ kind: 'confidenceOutOfRange' }));
    assert.ok(outOfRange.confidence.overall > 1);
    assert.equal(await ask({ kind: 'empty' }), '');
    const huge = await ask({ kind: 'huge', sizeBytes: 300_000 });
    assert.equal(Buffer.byteLength(huge), 300_000);
    assert.equal(JSON.parse(huge).intent, intact.intent);

    const entries = await mock.journal(7);
    assert.deepEqual(
      entries.map(({ fault }) => fault),
      [null, 'malformedJson', 'fencedJson', 'wrongSchema', 'confidenceOutOfRange', 'empty', 'huge'],
    );
    assert.ok((entries[6]?.responseBytes ?? 0) > 300_000);
    assert.ok(entries.every(({ lateMs }) => lateMs !== null));
  });

  test(`${route.name}: the degradations of classifications leave a narrative alone, and the journal says so`, async (context) => {
    const mock = await testMock(context);
    const prompt = `Write a short narrative.\nQuestion: Why? [ref:${mock.scope}-1]\nClassification: {"intent":"what"}\nData references: [{"metric":"revenue","period":"Q3","value":2500000,"unit":"USD","source":{"table":"t"}}]`;
    const texts: string[] = [];
    for (const kind of ['malformedJson', 'empty', 'huge'] as const) {
      await mock.behave([{ answer: kind === 'huge' ? { kind, sizeBytes: 20_000 } : { kind } }]);
      texts.push(
        readAnswerText(route, await callOverHttp1(mock.url, exampleRequest(route, prompt))),
      );
    }
    const [intact = '', empty, huge = ''] = texts;
    assert.match(intact, /\$2\.5M/);
    assert.equal(empty, '');
    assert.ok(huge.startsWith(intact) && huge.length === 20_000);
    assert.deepEqual(
      (await mock.journal(3)).map(({ fault }) => fault),
      [null, 'empty', 'huge'],
    );
  });
}
