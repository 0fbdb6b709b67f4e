import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AiCallError } from '../ai/aiCallError.ts';
import { publicFailure } from './answerFailure.ts';

test('what nobody foresaw is a 500 that gives nothing away', () => {
  for (const failure of [new Error('secret'), 'secret', undefined]) {
    const { error, message } = publicFailure(failure).body('r');
    assert.equal(publicFailure(failure).status, 500);
    assert.equal(error, 'InternalServerError');
    assert.ok(!message.includes('secret'));
  }
});

test("a model's failure is a 502 that gives nothing away", () => {
  const failure = publicFailure(new AiCallError('rejected', 'secret'));
  assert.equal(failure.status, 502);
  assert.deepEqual(failure.body('r'), {
    error: 'AIProviderError',
    message: 'The AI provider could not answer.',
    requestId: 'r',
  });
});
