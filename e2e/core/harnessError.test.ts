import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarnessError } from './harnessError.ts';

test('the message is all there is to show, and says what to do', () => {
  const error = new HarnessError({
    code: 'BUDGET_INVALID',
    summary: 'It is wrong.',
    file: 'a.json',
    path: 'a → b',
    found: 'one\ntwo',
    expected: 'three',
    remedy: 'Mend it.',
  });
  assert.equal(
    error.message,
    `BUDGET_INVALID: It is wrong.
  file     a.json
  at       a → b
  found    one
           two
  expected three
  remedy   Mend it.`,
  );
  assert.equal(error.stack, error.message);
  assert.equal(error.code, 'BUDGET_INVALID');
  assert.ok(error instanceof Error);
});

test('what there is nothing to say of has no line', () => {
  const { message } = new HarnessError({
    code: 'NO_BROWSER',
    summary: 'None.',
    remedy: 'Get one.',
  });
  assert.equal(message, 'NO_BROWSER: None.\n  remedy   Get one.');
});

test('what was found cannot steer a terminal: control, bidirectional and invisible characters become spaces', () => {
  const { message } = new HarnessError({
    code: 'TARGET_FOREIGN',
    summary: 'Foreign.',
    found: 'a\u001b[2Jb\rc\u009b31md\u202ee\u200bf\u0007g\u{e0041}h',
    remedy: 'None.',
  });
  assert.match(message, /found {4}a \[2Jb c 31md e f g h$/m);
});
