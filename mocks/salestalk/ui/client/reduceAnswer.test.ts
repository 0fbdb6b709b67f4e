import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_ANSWER, reduceAnswer } from './reduceAnswer.ts';
import type { Answer, ChatEvent, Classification, DataReference } from './types.ts';

const classification: Classification = {
  intent: 'what',
  subject: 'revenue',
  measure: 'revenue',
  period: 'Q3',
  confidence: 0.85,
};
const reference: DataReference = {
  metric: 'revenue',
  period: 'Q3',
  value: 2_500_000,
  unit: 'USD',
  table: 'tenant-acme-corp-001-metrics',
  key: 'METRIC#revenue / 2025-Q3',
};
const completed: ChatEvent = {
  type: 'complete',
  narrative: null,
  classification: null,
  references: null,
  sessionId: null,
  refused: false,
};
const after = (...events: ChatEvent[]): Answer => events.reduce(reduceAnswer, EMPTY_ANSWER);

test('a streamed answer goes from loading over streaming to complete', () => {
  const beginning: ChatEvent[] = [
    { type: 'classificationStart' },
    { type: 'classificationComplete', classification },
    { type: 'dataStart' },
    { type: 'dataComplete', references: [reference] },
    { type: 'narrativeStart' },
  ];
  const waiting = after(...beginning);
  assert.deepEqual(
    [waiting.state, waiting.step, waiting.classification],
    ['loading', 'writing', classification],
  );
  const streaming = [
    { type: 'narrativeChunk', text: 'Revenue was ' } as const,
    { type: 'narrativeChunk', text: '$2.5M.' } as const,
  ].reduce(reduceAnswer, waiting);
  assert.deepEqual([streaming.state, streaming.narrative], ['streaming', 'Revenue was $2.5M.']);

  const end = reduceAnswer(streaming, completed);
  assert.deepEqual(
    [end.state, end.narrative, end.classification, end.references],
    ['complete', 'Revenue was $2.5M.', classification, [reference]],
  );
});

test('the last event overrides earlier ones', () => {
  const end = after(
    { type: 'narrativeChunk', text: 'Draft' },
    { ...completed, narrative: 'Final', references: [reference], sessionId: 's-1' },
  );
  assert.deepEqual([end.narrative, end.references, end.sessionId], ['Final', [reference], 's-1']);
});

test('an answer that is not streamed is one complete event', () => {
  const end = after({ ...completed, narrative: 'Revenue was $2.5M.', classification });
  assert.deepEqual([end.state, end.narrative], ['complete', 'Revenue was $2.5M.']);
});

test('a refusal is neither a success nor an error', () => {
  const end = after({ ...completed, narrative: 'Not sure what you mean.', refused: true });
  assert.deepEqual([end.state, end.failure], ['refused', null]);
});

test('a failure keeps what came before it', () => {
  const end = after(
    { type: 'classificationComplete', classification },
    { type: 'narrativeChunk', text: 'Revenue ' },
    { type: 'failed', kind: 'model', detail: null },
  );
  assert.deepEqual(
    [end.state, end.classification, end.narrative, end.failure],
    ['error', classification, 'Revenue ', { kind: 'model', detail: null }],
  );
});

test('an empty chunk does not begin the narrative', () => {
  assert.equal(after({ type: 'narrativeChunk', text: '' }).state, 'loading');
});

test('no event changes the answer before it', () => {
  const frozen = Object.freeze({ ...EMPTY_ANSWER });
  reduceAnswer(frozen, { type: 'narrativeChunk', text: 'x' });
  reduceAnswer(frozen, { ...completed, narrative: 'y' });
  assert.deepEqual(frozen, EMPTY_ANSWER);
});
