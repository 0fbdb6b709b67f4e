import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalMessage } from '../testing/catchMessage.ts';
import { readCommandLine } from './main.ts';

test('without options the defaults hold, and a seed is drawn', () => {
  const options = readCommandLine(['--baseline', 'main']);
  assert.ok(options !== 'help');
  const { seed, ...rest } = options;
  assert.deepEqual(rest, {
    baseline: 'main',
    candidate: undefined,
    isSelfTest: false,
    candidateArgs: [],
    onlyApi: false,
    seconds: 120,
    modelMedianMs: 20,
  });
  assert.ok(Number.isInteger(seed));
});

test('all options are read', () => {
  const given =
    '--baseline=main --candidate=HEAD --only=api --seconds=40 --seed=7 --model-median-ms=350 --self-test';
  assert.deepEqual(
    readCommandLine([...given.split(' '), '--candidate-args', '--defect  slow-median']),
    {
      baseline: 'main',
      candidate: 'HEAD',
      isSelfTest: true,
      candidateArgs: ['--defect', 'slow-median'],
      onlyApi: true,
      seconds: 40,
      seed: 7,
      modelMedianMs: 350,
    },
  );
  assert.equal(readCommandLine(['--help']), 'help');
});

test('a wrong option is one clear error that names it', () => {
  for (const [args, named] of [
    [[], /--baseline\n {2}found +nothing/],
    [['--baseline', 'main', '--only', 'pages'], /--only\n {2}found +"pages"\n {2}expected api/],
    [['--baseline', 'main', '--seconds', '1'], /--seconds\n.*"1"\n.*from 5 to 600/],
    [['--baseline', 'main', '--seed', '1.5'], /--seed/],
    [['--baseline', 'main', '--model-median-ms', 'x'], /--model-median-ms/],
    [['--baseline', 'main', '--runs', '5'], /Unknown option '--runs'/],
    [['main'], /Unexpected argument 'main'/],
  ] as const) {
    const message = refusalMessage(() => readCommandLine([...args]));
    assert.match(message, /^OPTION_REFUSED: The comparison cannot begin\./);
    assert.match(message, named);
  }
});
