import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { launchChromium } from '../../testing/launchChromium.ts';
import { leftPerQuestion } from './testing/leftPerQuestion.ts';

const browser = await launchChromium();
after(() => browser.close());

const left = async (...defects: string[]) => {
  const { heapBytes: _, ...counts } = await leftPerQuestion(browser, defects);
  return counts;
};
const none = { nodes: 0, listeners: 0, documents: 0, timers: 0 };

test('of an answer that is gone the clean page keeps no node, listener, document or timer', async () => {
  assert.deepEqual(await left(), none);
});

test('leak-detached keeps the nodes of each answer', async () => {
  const { nodes, ...others } = await left('leak-detached');
  assert.ok(nodes > 30, `${nodes} nodes a question`);
  assert.deepEqual({ nodes: 0, ...others }, none);
});

test('leak-listeners keeps five listeners a question, leak-timers a timer', async () => {
  assert.deepEqual(await left('leak-listeners', 'leak-timers'), {
    ...none,
    listeners: 5,
    timers: 1,
  });
});
