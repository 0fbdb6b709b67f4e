import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { callOverHttp1, ROUTES, requestOf, testMock, textOf } from '../testMock.ts';
import type { DegradedAnswer } from './degradeAnswer.ts';

for (const route of ROUTES) {
  test(`${route.name}: a degraded answer is a whole one in the provider's own form`, async (context) => {
    const mock = await testMock(context);
    const ask = async (answer?: DegradedAnswer) => {
      await mock.behave(answer === undefined ? [] : [{ answer }]);
      const seen = await callOverHttp1(mock.url, requestOf(route, mock.prompt(1)));
      assert.deepEqual([seen.status, seen.ending], [200, 'complete']);
      return textOf(route, seen);
    };
    const well = JSON.parse(await ask());
    const malformed = await ask({ kind: 'malformedJson' });
    assert.throws(() => JSON.parse(malformed), SyntaxError);
    const fenced = await ask({ kind: 'fencedJson' });
    assert.deepEqual(JSON.parse(fenced.split('```json')[1]?.split('```')[0] ?? ''), well);
    assert.equal(JSON.parse(await ask({ kind: 'wrongSchema' })).intent, undefined);
    const outOfRange = JSON.parse(await ask({ kind: 'confidenceOutOfRange' }));
    assert.ok(outOfRange.confidence.overall > 1);
    assert.equal(await ask({ kind: 'empty' }), '');
    const huge = await ask({ kind: 'huge', sizeBytes: 300_000 });
    assert.equal(Buffer.byteLength(huge), 300_000);
    assert.equal(JSON.parse(huge).intent, well.intent);

    const entries = await mock.journal(7);
    assert.deepEqual(
      entries.map(({ fault }) => fault),
      [null, 'malformedJson', 'fencedJson', 'wrongSchema', 'confidenceOutOfRange', 'empty', 'huge'],
    );
    assert.ok((entries[6]?.responseBytes ?? 0) > 300_000);
    assert.ok(entries.every(({ lateMs }) => lateMs !== null));
  });

  test(`${route.name}: a narrative is left alone by what spoils classifications, and the journal says so`, async (context) => {
    const mock = await testMock(context);
    const prompt = `Write a short narrative.\nQuestion: Why? [ref:${mock.scope}-1]\nClassification: {"intent":"what"}\nData references: [{"metric":"revenue","period":"Q3","value":2500000,"unit":"USD","source":{"table":"t"}}]`;
    const texts: string[] = [];
    for (const kind of ['malformedJson', 'empty', 'huge'] as const) {
      await mock.behave([{ answer: kind === 'huge' ? { kind, sizeBytes: 20_000 } : { kind } }]);
      texts.push(textOf(route, await callOverHttp1(mock.url, requestOf(route, prompt))));
    }
    const [well = '', empty, huge = ''] = texts;
    assert.match(well, /\$2\.5M/);
    assert.equal(empty, '');
    assert.ok(huge.startsWith(well) && huge.length === 20_000);
    assert.deepEqual(
      (await mock.journal(3)).map(({ fault }) => fault),
      [null, 'empty', 'huge'],
    );
  });
}
