import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INTENTS, MEASURES, SUBJECTS } from '../../vocabulary.ts';
import { classifyQuestion, readPeriod } from './classifyQuestion.ts';

/** Question, intent, subject, measure, period; an empty period: none. */
const questions: [string, string, string, string, string][] = [
  ['What is Q3 revenue?', 'what', 'revenue', 'revenue', 'Q3'],
  ['What was our turnover in the third quarter of 2025?', 'what', 'revenue', 'revenue', '2025-Q3'],
  ['Why did churn rise last quarter?', 'why', 'customers', 'churn_rate', 'last quarter'],
  ['What drove gross margin in March?', 'why', 'margin', 'gm', 'March'],
  ['Compare margin in 2025-Q3 with Q4', 'compare', 'margin', 'margin_pct', 'Q3 and Q4 2025'],
  ['Show MRR by month', 'trend', 'revenue', 'mrr', ''],
  ['Forecast ARR for next year', 'forecast', 'revenue', 'arr', 'next year'],
  ['Top 5 regions this year', 'rank', 'regions', 'revenue', 'this year'],
  ['Revenue by product line in 2024', 'breakdown', 'revenue', 'revenue', '2024'],
  ['Are we on track for deals in Q2?', 'target', 'sales', 'deal_count', 'Q2'],
  ['Are leads correlated with sign-ups?', 'correlation', 'marketing', 'signup_count', ''],
  ['Any unusual returns yesterday?', 'anomaly', 'orders', 'return_rate', 'yesterday'],
  ['How many customers do we have?', 'what', 'customers', 'customer_count', ''],
  ['operating margin ytd', 'what', 'margin', 'op_margin_pct', 'year to date'],
];

for (const [question, intent, subject, measure, period] of questions)
  test(`classifies: ${question}`, () => {
    const read = classifyQuestion(question);
    assert.deepEqual(
      [read.intent, read.subject, read.measure, read.time.period ?? ''],
      [intent, subject, measure, period],
    );
    assert.ok(read.confidence.overall >= 0.7, `confidence ${read.confidence.overall}`);
  });

test('answers the question of the test plan as SalesTalk documents it', () => {
  assert.deepEqual(classifyQuestion('What is Q3 revenue?'), {
    intent: 'what',
    subject: 'revenue',
    measure: 'revenue',
    dimension: {},
    time: { period: 'Q3', granularity: 'quarter' },
    confidence: {
      overall: 0.85,
      components: { intent: 0.9, subject: 0.85, measure: 0.85, time: 0.8 },
    },
  });
});

test('says what figures are split by', () => {
  assert.deepEqual(classifyQuestion('Revenue by region in Q3').dimension, { by: 'region' });
  assert.deepEqual(classifyQuestion('Orders per customer segment').dimension, { by: 'segment' });
});

test('every word of the vocabulary is understood', () => {
  for (const measure of MEASURES)
    assert.equal(classifyQuestion(`What is ${measure} in Q3?`).measure, measure);
});

test('a question that has nothing to do with the vocabulary is answered without confidence', () => {
  for (const question of [
    'What is the capital of France?',
    'Tell me a joke',
    'Who won the match last year?',
    'What is the weather in Q3?',
    '',
  ])
    assert.ok(classifyQuestion(question).confidence.overall < 0.7, question);
});

test('whatever is asked, the answer keeps to the vocabulary and is the same again', () => {
  fc.assert(
    fc.property(fc.string(), (question) => {
      const read = classifyQuestion(question);
      assert.ok(INTENTS.includes(read.intent));
      assert.ok(SUBJECTS.includes(read.subject));
      assert.ok(MEASURES.includes(read.measure));
      for (const confidence of [
        read.confidence.overall,
        ...Object.values(read.confidence.components),
      ])
        assert.ok(confidence >= 0 && confidence <= 1);
      assert.deepEqual(classifyQuestion(question), read);
    }),
  );
});

const periods: Record<string, [period: string, granularity: string]> = {
  'revenue in 2025-Q3': ['2025-Q3', 'quarter'],
  'revenue in 2025 Q3': ['2025-Q3', 'quarter'],
  'revenue in Q3 2025': ['2025-Q3', 'quarter'],
  'revenue in q3 of 2025': ['2025-Q3', 'quarter'],
  'Q3/2025': ['2025-Q3', 'quarter'],
  'the 4th quarter': ['Q4', 'quarter'],
  'the first quarter of 2024': ['2024-Q1', 'quarter'],
  Q1: ['Q1', 'quarter'],
  'compare Q3 and Q4 2025': ['Q3 and Q4 2025', 'quarter'],
  'Q1 vs. Q2': ['Q1 and Q2', 'quarter'],
  'in H1 2025': ['2025-H1', 'half-year'],
  'in 2025-03': ['2025-03', 'month'],
  'in March 2025': ['2025-03', 'month'],
  'in Sept. 2025': ['2025-09', 'month'],
  'in march': ['March', 'month'],
  'in May': ['May', 'month'],
  'this quarter': ['this quarter', 'quarter'],
  'the previous year': ['last year', 'year'],
  'Last Month': ['last month', 'month'],
  'over the last 12 months': ['last 12 months', 'month'],
  'past three quarters': ['last three quarters', 'quarter'],
  'year-to-date': ['year to date', 'year'],
  today: ['today', 'day'],
  'in 2023': ['2023', 'year'],
};

for (const [question, [period, granularity]] of Object.entries(periods))
  test(`reads the period: ${question}`, () =>
    assert.deepEqual(readPeriod(question), { period, granularity }));

test('reads no period where there is none', () => {
  for (const question of ['What is revenue?', 'may I ask about marketing', 'Q5', 'room 12025', ''])
    assert.deepEqual(readPeriod(question), {}, question);
});
