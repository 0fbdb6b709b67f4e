import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AiCallError, type AiFailureReason } from '../../api/ai/aiCallError.ts';
import { type CallRecord, callUnderDefect } from '../../testing/callUnderDefect.ts';
import type { ScriptedAnswer } from '../../testing/scriptedProvider.ts';

const failed = (reason: AiFailureReason, retryAfter: string | null = null) => ({
  error: new AiCallError(reason, reason, { retryAfter }),
});
const thenWell =
  (bad: ScriptedAnswer) =>
  (n: number): ScriptedAnswer =>
    n === 1 ? bad : { chunks: ['ok'] };

const situations: Record<string, (n: number) => ScriptedAnswer> = {
  well: () => ({ afterMs: 300, chunks: ['ok'] }),
  'slow, as in the test plan': () => ({ afterMs: 5_000, chunks: ['ok'] }),
  'very slow': () => ({ afterMs: 110_000, chunks: ['ok'] }),
  'down for a moment': thenWell(failed('network')),
  down: () => failed('server'),
  throttling: () => failed('throttled'),
  'asking to wait': thenWell(failed('throttled', '3')),
  'asking to wait long': () => failed('throttled', '60'),
  'finding fault': () => failed('rejected'),
  'writing nonsense': () => failed('malformed'),
};

const cleanGapsMs = [75, 150, 300, 600];
const throttledGapsMs = [75, 150, 300, 600, 1_200, 2_400, 4_800, 9_600];
const repeated = (gapMs: number, count: number): number[] => Array(count).fill(gapMs);
const record = (outcome: string, gapsMs: number[], endMs?: number): CallRecord => ({
  outcome,
  gapsMs,
  endMs: endMs ?? gapsMs.reduce((sum, gapMs) => sum + gapMs, 0),
});

/** What a model that is so does to the clean SalesTalk. */
const clean: Record<string, CallRecord> = {
  well: record('ok', [], 300),
  'slow, as in the test plan': record('ok', [], 5_000),
  'very slow': record('timeout', [8_075, 8_150, 8_300], 25_000),
  'down for a moment': record('ok', [75]),
  down: record('server', cleanGapsMs),
  throttling: record('throttled', throttledGapsMs),
  'asking to wait': record('ok', [3_050]),
  'asking to wait long': record('throttled', []),
  'finding fault': record('rejected', []),
  'writing nonsense': record('malformed', []),
};

/** What is different under each defect; in all other situations it is as without. */
const differences: Record<string, Record<string, CallRecord>> = {
  'no-timeout': { 'very slow': record('ok', [], 110_000) },
  'long-timeout': { 'very slow': record('timeout', [], 60_000) },
  'no-retry': {
    'very slow': record('timeout', [], 8_000),
    'down for a moment': record('network', []),
    down: record('server', []),
    throttling: record('throttled', []),
    'asking to wait': record('throttled', []),
  },
  'constant-gap': {
    'very slow': record('timeout', [8_075, 8_075, 8_075], 25_000),
    down: record('server', repeated(75, 4)),
    throttling: record('throttled', repeated(75, 9)),
  },
  'no-jitter': {
    'very slow': record('timeout', [8_100, 8_200, 8_400], 25_000),
    'down for a moment': record('ok', [100]),
    down: record('server', [100, 200, 400, 800]),
    throttling: record('throttled', [100, 200, 400, 800, 1_600, 3_200, 6_400]),
    'asking to wait': record('ok', [3_100]),
  },
  'retry-after-ignored': {
    'asking to wait': record('ok', [75]),
    'asking to wait long': record('throttled', throttledGapsMs),
  },
  'retry-storm': {
    'very slow': record('timeout', [8_000, 8_000, 8_000], 25_000),
    'down for a moment': record('ok', [0]),
    down: record('server', repeated(0, 49)),
    throttling: record('throttled', repeated(0, 49)),
  },
  'retries-validation-error': { 'finding fault': record('rejected', cleanGapsMs) },
  // Seen by the provider, by later requests, and in streams: tests of their own show them.
  'unreleased-call': {},
  'slow-recovery': {},
  'repeated-narrative': {},
};

async function recordsUnder(defects: string[]): Promise<Record<string, CallRecord>> {
  const names = Object.keys(situations);
  const calls = Object.values(situations).map((script) => callUnderDefect(defects, script));
  const records = await Promise.all(calls);
  return Object.fromEntries(records.map((of, index) => [names[index], of]));
}

test('the clean SalesTalk', async () => {
  assert.deepEqual(await recordsUnder([]), clean);
});

for (const [defect, different] of Object.entries(differences)) {
  test(`${defect} does what it says and nothing else`, async () => {
    assert.deepEqual(await recordsUnder([defect]), { ...clean, ...different });
  });
}
