import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionHistory } from './sessionHistory.ts';

const turn = (question: string) => ({ question, period: null });

test('a session remembers its latest turns', () => {
  const history = sessionHistory({ sessions: 10, turns: 2 });
  for (const question of ['a', 'b', 'c']) history.remember('t', 's', turn(question));
  assert.deepEqual(history.turns('t', 's'), [turn('b'), turn('c')]);
});

test('two tenants with the same session id share nothing', () => {
  const history = sessionHistory({ sessions: 10, turns: 2 });
  history.remember('one', 's', turn('a'));
  assert.deepEqual(history.turns('two', 's'), []);
});

test('the session used longest ago is forgotten first', () => {
  const history = sessionHistory({ sessions: 2, turns: 2 });
  for (const session of ['a', 'b', 'a', 'c']) history.remember('t', session, turn(session));
  assert.equal(history.turns('t', 'a').length, 2);
  assert.equal(history.turns('t', 'b').length, 0);
  assert.equal(history.turns('t', 'c').length, 1);
});
