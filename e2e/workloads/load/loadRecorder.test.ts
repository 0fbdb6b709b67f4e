import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { LoadRequest } from '../../core/record/loadLine.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { runOf } from '../../core/testing/recordOf.ts';
import { RecordWriter } from '../../setup/recordWriter.ts';
import { temporaryFolder } from '../../testing/temporaryFolder.ts';
import { type EndedRequest, LoadRecorder } from './loadRecorder.ts';

const HEAD = {
  workload: 'sustained',
  scope: '5f3a9c1e',
  step: { model: 'open', ratePerSecond: 100 },
  fromMs: 1_800_000_000_000,
} as const;

const request = (index: number, parts: Partial<EndedRequest> = {}): EndedRequest => ({
  id: `${HEAD.scope}-${index}`,
  index,
  dueMs: index * 10,
  dueAtMs: HEAD.fromMs + index * 10,
  lateMs: 1,
  serviceMs: 50,
  modelMs: null,
  operation: 'classify',
  tenant: 'acme-corp-001',
  failure: null,
  isolated: true,
  connectionReused: true,
  warmUp: false,
  knownAtMs: 0,
  ...parts,
});

type Recorded = () => Pick<LoadRequest, 'id' | 'modelMs'>[];

function withRecorder(use: (recorder: LoadRecorder, recorded: Recorded) => void): void {
  using folder = temporaryFolder();
  const recordFile = path.join(folder.path, 'measurements.ndjson');
  const record = new RecordWriter({ id: 'run-1', recordFile, header: runOf([]) });
  const recorder = new LoadRecorder([latencyP95, availability], record);
  use(recorder, () => {
    const [load] = record.read().loads;
    if (load === undefined) return [];
    return Array.from(load.judged(), ({ id, modelMs }) => ({ id, modelMs }));
  });
}

const nothing = () => null;

test('requests are recorded in the order of their intended starts, none before an earlier one has ended', () => {
  withRecorder((recorder, recorded) => {
    for (const index of [2, 0, 1, 4]) recorder.add(request(index));
    recorder.settle(HEAD, 1, nothing);
    assert.deepEqual(
      recorded().map(({ id }) => id),
      ['5f3a9c1e-0', '5f3a9c1e-1', '5f3a9c1e-2'],
    );
    assert.equal(recorder.next, 3);
    recorder.add(request(3));
    recorder.settle(HEAD, 1, nothing);
    assert.equal(recorded().length, 5);
    assert.deepEqual(
      recorder.tallies.map(({ tally }) => tally.n),
      [5, 5],
    );
  });
});

test('a request that ended too late for the journal is recorded at the next check, with the time of its model', () => {
  withRecorder((recorder, recorded) => {
    recorder.add(request(0, { knownAtMs: 100 }));
    recorder.add(request(1, { knownAtMs: 300 }));
    const asked: number[] = [];
    const takeModelMs = (index: number) => {
      asked.push(index);
      return index + 7;
    };
    recorder.settle(HEAD, 200, takeModelMs);
    assert.deepEqual([recorded(), asked], [[{ id: '5f3a9c1e-0', modelMs: 7 }], [0]]);
    recorder.settle(HEAD, 400, takeModelMs);
    assert.deepEqual(recorded()[1], { id: '5f3a9c1e-1', modelMs: 8 });
    assert.deepEqual(asked, [0, 1]);
  });
});

test('warm-up requests are recorded and not judged; a failure counts in availability alone', () => {
  withRecorder((recorder, recorded) => {
    recorder.add(request(0, { warmUp: true, failure: 'status 500', serviceMs: 9_000 }));
    recorder.add(request(1, { failure: 'status 500' }));
    recorder.add(request(2, { failure: 'never sent', lateMs: null, serviceMs: null }));
    recorder.add(request(3, { serviceMs: 2_500 }));
    recorder.settle(HEAD, 1, nothing);
    assert.equal(recorded().length, 3);
    assert.deepEqual(
      recorder.tallies.map(({ tally }) => [tally.n, tally.bad]),
      [
        [1, 1],
        [3, 2],
      ],
    );
    const { ended, judged, failed } = recorder.counts;
    assert.deepEqual([ended, judged, failed], [4, 3, 2]);
    assert.equal(recorder.response.count, 1);
    assert.equal(recorder.late.count, 2);
  });
});

test('a target that no longer answers is down', () => {
  withRecorder((recorder) => {
    for (let index = 0; index < 150; index++) {
      recorder.add(request(index, index < 50 ? {} : { failure: 'status 500' }));
      assert.equal(recorder.mayBeDown, index >= 149);
      assert.equal(recorder.isDown, false);
    }
    // A target that restarts is back by then.
    recorder.add(request(150, { failure: 'status 500', dueAtMs: request(50).dueAtMs + 15_000 }));
    assert.equal(recorder.isDown, true);
    recorder.add(request(151));
    assert.deepEqual([recorder.mayBeDown, recorder.isDown], [false, false]);
  });
});

test('failures during the warm-up do not make a target count as down', () => {
  withRecorder((recorder) => {
    for (let index = 0; index < 300; index++) {
      recorder.add(request(index, { failure: 'status 500', warmUp: index < 150 }));
      assert.equal(recorder.mayBeDown, index >= 249);
    }
  });
});
