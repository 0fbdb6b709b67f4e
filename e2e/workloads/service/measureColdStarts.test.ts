import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { underFault } from '../../core/testing/objectives.ts';
import { runOf, workloadOf } from '../../core/testing/recordOf.ts';
import { judge } from '../../core/verdict/judge.ts';
import { judgeRun } from '../../core/verdict/judgeRun.ts';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { fakeServer, sendJson } from '../../probes/testing/fakeServer.ts';
import type { EmbeddedOptions } from '../../setup/embedded.ts';
import { RecordWriter } from '../../setup/recordWriter.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { runContextOf } from '../../testing/runContextOf.ts';
import { temporaryFolder } from '../../testing/temporaryFolder.ts';
import { createSampleLine } from '../iterations.ts';
import { deriveScope } from '../recordWorkload.ts';
import { measureColdStarts } from './measureColdStarts.ts';

const SLOW_MS = 150;
const COLD_START = underFault('latency', SLOW_MS, {
  id: 'coldStart.latency.p50',
  operation: 'coldStart',
  workload: 'coldStarts',
  fault: null,
  quantile: 0.5,
  allowedShare: 0.5,
  sampleBudget: 15,
});
const RATES = { falsePass: 0.05, falseFail: 0.01 };
const EMBEDDED = { aiUrl: 'http://127.0.0.1:9', args: ['--flavour', 'planned'] };

/** Starts that are counted, each after this long; `status` is what `/health` answers. */
function fakeStarts({ afterMs = 0, status = 200 } = {}) {
  const asked: EmbeddedOptions[] = [];
  const stopped: string[] = [];
  return {
    asked,
    stopped,
    start: async (options: EmbeddedOptions) => {
      asked.push(options);
      await sleep(afterMs);
      const server = await fakeServer((_, response) => sendJson(response, status, {}));
      const stop = async (): Promise<void> => {
        stopped.push(server.url);
        await server[Symbol.asyncDispose]();
      };
      const rest = { controlUrl: undefined, pid: undefined, onExit: () => {} };
      return { url: server.url, ...rest, stop };
    },
  };
}

const GIVEN = { selected: [COLD_START.id], aiMock: null };

async function withRun(
  parts: Partial<RunContext['target']>,
  use: (run: RunContext, record: RecordWriter) => Promise<void>,
  objectives = [COLD_START],
): Promise<void> {
  using folder = temporaryFolder();
  const recordFile = path.join(folder.path, 'measurements.ndjson');
  const header = runOf(objectives);
  const run = runContextOf({
    header,
    recordFile,
    target: { ...runContextOf().target, embedded: EMBEDDED, ...parts },
  });
  await use(run, new RecordWriter({ id: run.id, recordFile, header }));
}

const verdictOf = (record: RecordWriter) =>
  judgeRun(record.read(), deriveEvents, { selected: [COLD_START.id] }).judgements[0];

test('at least five quick starts establish a median, each a process of its own that is stopped', async () => {
  await withRun({}, async (run, record) => {
    const { start, asked, stopped } = fakeStarts();
    await measureColdStarts({ run, record, ...GIVEN }, start);
    // More where a busy machine made one of them slow.
    assert.ok(asked.length >= 5);
    assert.equal(new Set(stopped).size, asked.length);
    for (const { aiUrl, args } of asked) assert.deepEqual({ aiUrl, args }, EMBEDDED);
    assert.equal(new Set(asked.map(({ jwtSecret }) => jwtSecret)).size, asked.length);
    assert.equal(verdictOf(record)?.verdict, 'pass');
    const { samples } = record.read();
    assert.ok(samples.every(({ type, warmUp }) => type === 'start' && !warmUp));
  });
});

test('a slow start fails, with all of its time', async () => {
  await withRun({}, async (run, record) => {
    const { start, asked, stopped } = fakeStarts({ afterMs: SLOW_MS + 10 });
    await measureColdStarts({ run, record, ...GIVEN }, start);
    assert.equal(stopped.length, asked.length);
    const { samples, ...rest } = record.read();
    const starts = samples.filter((line) => line.type === 'start');
    assert.ok(starts.every(({ values }) => (values.latencyMs ?? 0) >= SLOW_MS));
    // Starts that really take seconds are seconds apart; what comes within one moment could be a mishap of the machine.
    const apart = starts.map((line, at) => ({ ...line, sentAtMs: line.sentAtMs + at * 3_000 }));
    const series = deriveEvents(COLD_START, { ...rest, samples: apart });
    // Of the events alone: whether this machine is quiet is not what is tried here.
    assert.equal(judge(COLD_START, series, { ...RATES, objectivesInRun: 1 }).verdict, 'fail');
  });
});

test('a process that listens and answers with an error has failed', async () => {
  await withRun({}, async (run, record) => {
    const { start, asked, stopped } = fakeStarts({ status: 503 });
    await measureColdStarts({ run, record, ...GIVEN }, start);
    assert.equal(stopped.length, asked.length);
    assert.match(
      verdictOf(record)?.reason ?? '',
      /^no data: 15 requests failed \(the first: no answer of \/health\)$/,
    );
  });
});

test('a start that fails ends the measurement and leaves nothing running', async () => {
  await withRun({}, async (run, record) => {
    const { start, stopped } = fakeStarts();
    let starts = 0;
    const second = (options: EmbeddedOptions) => {
      if (starts++ === 1) throw new Error('did not start');
      return start(options);
    };
    await assert.rejects(measureColdStarts({ run, record, ...GIVEN }, second), /did not start/);
    assert.equal(stopped.length, 1);
  });
});

test('after the death of a worker the rest is measured; a complete measurement is not repeated', async () => {
  await withRun({}, async (run, record) => {
    const scope = deriveScope(run.id, 'coldStarts');
    const mine = { scope, workload: 'coldStarts' };
    record.append(workloadOf({ ...mine, state: 'started', modelCallsMatched: null }));
    for (const index of [0, 1, 2]) {
      const start = {
        type: 'start' as const,
        sentAtMs: 1_800_000_000_000 + index * 1000,
        failure: null,
        values: { latencyMs: 20 },
      };
      const named = { name: 'coldStarts', operation: 'coldStart' };
      record.append(createSampleLine(named, { scope, index }, { ...start, warmUp: false }));
    }
    const { start, asked } = fakeStarts();
    await measureColdStarts({ run, record, ...GIVEN }, start);
    assert.equal(asked.length, 2);
    await measureColdStarts({ run, record, ...GIVEN }, start);
    assert.equal(asked.length, 2);
  });
});

test('a deployed target is never started', async () => {
  const { start, asked } = fakeStarts();
  await withRun({ embedded: null }, async (run, record) => {
    await assert.rejects(
      measureColdStarts({ run, record, ...GIVEN }, start),
      /not started by the harness/,
    );
  });
  await withRun(
    { embedded: null },
    (run, record) => measureColdStarts({ run, record, ...GIVEN }, start),
    [],
  );
  assert.equal(asked.length, 0);
});
