import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Journal } from './journal.ts';
import type { JournalEntry } from './journalEntry.ts';

function entry(scope: string | null, index: number): Omit<JournalEntry, 'seq'> {
  return {
    scope,
    index,
    provider: 'ollama',
    kind: 'classification',
    matchedBy: 'nonce',
    attempt: 1,
    streamed: false,
    model: 'm',
    arrivedAtMs: 0,
    firstByteAtMs: 1,
    lastByteAtMs: 1,
    abortedAtMs: null,
    status: 200,
    plannedMs: 0,
    lateMs: 1,
    requestBytes: 1,
    responseBytes: 1,
    brokenOffAtMs: null,
    expired: false,
    fault: null,
    retryAfterMs: null,
  };
}

const A = 'aaaaaaaa';
const B = 'bbbbbbbb';

/** The numbers of the entries read, or why there are none. */
function seqs(journal: Journal, scope: string, after = 0): number[] | 'lost' | null {
  const entries = journal.read(scope, after);
  return Array.isArray(entries) ? entries.map(({ seq }) => seq) : (entries as 'lost' | null);
}

test('entries are numbered over all scopes, in order of their end, and read from any number on', () => {
  const journal = new Journal();
  journal.open(A);
  journal.open(B);
  for (const scope of [A, B, A, B, A]) journal.append(entry(scope, 0));
  assert.deepEqual(seqs(journal, A), [1, 3, 5]);
  assert.deepEqual(seqs(journal, A, 1), [3, 5]);
  assert.deepEqual(seqs(journal, A, 4), [5]);
  assert.deepEqual(seqs(journal, B, 99), []);
});

test('only open scopes are kept', () => {
  const journal = new Journal();
  journal.append(entry(A, 0));
  journal.append(entry(null, 0));
  assert.equal(journal.read(A, 0), null);
  journal.open(A);
  assert.deepEqual(seqs(journal, A), []);
  journal.append(entry(A, 0));
  journal.forget(A);
  assert.equal(journal.read(A, 0), null);
});

test('when it is full the oldest entries go, and a reader that missed them gets an error', () => {
  const journal = new Journal({ capacity: 4 });
  journal.open(A);
  journal.open(B);
  for (const scope of [A, B, A, A, A]) journal.append(entry(scope, 0));
  assert.equal(seqs(journal, A), 'lost');
  assert.deepEqual(seqs(journal, A, 1), [3, 4, 5]);
  assert.deepEqual(seqs(journal, B), [2]);
  for (let count = 0; count < 4; count++) journal.append(entry(A, 0));
  assert.equal(seqs(journal, B), 'lost');
});

test('a scope that is forgotten makes room', () => {
  const journal = new Journal({ capacity: 2 });
  journal.open(A);
  journal.append(entry(A, 0));
  journal.append(entry(A, 1));
  journal.forget(A);
  journal.open(B);
  journal.append(entry(B, 0));
  journal.append(entry(B, 1));
  assert.deepEqual(seqs(journal, B), [3, 4]);
});
