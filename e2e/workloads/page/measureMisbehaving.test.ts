import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Objective } from '../../core/budget/objective.ts';
import { ANY_FAULT } from '../../core/budget/operationCatalogue.ts';
import { availability } from '../../core/testing/objectives.ts';
import { runOf, workloadOf } from '../../core/testing/recordOf.ts';
import { METRICS, type MetricName } from '../../metrics/metrics.ts';
import { sendJson } from '../../probes/testing/fakeServer.ts';
import { errorBody } from '../../salestalk/testing/exchanges.ts';
import type { RunContext } from '../../setup/runContext.ts';
import type { FakeSalesTalkOptions } from '../../testing/fakeSalesTalk.ts';
import { runContextOf } from '../../testing/runContextOf.ts';
import { type Fakes, withFakes } from '../../testing/withFakes.ts';
import { SITUATIONS } from '../api/situations.ts';
import type { MeasuringContext } from '../measuringContext.ts';
import { deriveScope } from '../recordWorkload.ts';
import { measureMisbehaving } from './measureMisbehaving.ts';

const objective = (
  name: string,
  metric: MetricName,
  parts: Partial<Objective> = {},
): Objective => ({
  ...availability,
  id: `${name}.${metric}`,
  operation: name,
  workload: name,
  fault: name,
  metric: METRICS[metric],
  allowedShare: 0,
  sampleBudget: 2,
  ...parts,
});

const slow = objective('slowModel', 'answered');
const broken = objective('brokenModel', 'retried');
const rejecting = objective('rejectingModel', 'attempts');
const recovering = objective('recoveringModel', 'answered');
const soundness = objective('degradedModel', 'soundness', { workload: null, sampleBudget: 14 });
const secrecy = objective('failures', 'secrecy', { workload: null, fault: ANY_FAULT });
const page = objective('hungPage', 'page');
const ALL = [slow, broken, rejecting, recovering, soundness, secrecy, page];

const { slowModel, hungPage, brokenModel, rejectingModel, recoveringModel, degradedModel } =
  SITUATIONS;
const MEASURED = {
  slowModel,
  hungPage,
  brokenModel,
  rejectingModel,
  recoveringModel,
  degradedModel,
};

type Given = {
  objectives?: Objective[];
  selected?: Objective[];
  target?: Partial<RunContext['target']>;
  openBrowser?: MeasuringContext['openBrowser'];
};

function createContext({ context: fakes }: Fakes, given: Given): MeasuringContext {
  const { objectives = ALL, selected = [], target = {} } = given;
  const context = runContextOf({ header: runOf(objectives) });
  const ceilings = { ...context.target.ceilings, requestsPerSecond: 600, requestsPerRun: 1000 };
  return {
    ...fakes,
    run: { ...context, target: { ...context.target, ceilings, ...target } },
    selected: selected.map(({ id }) => id),
    ...(given.openBrowser === undefined ? {} : { openBrowser: given.openBrowser }),
  };
}

const namesIn = ({ context }: Fakes): string[] => [
  ...new Set(context.record.read().workloads.map(({ workload }) => workload)),
];

// Most of it is waiting, and each has fakes of its own.
describe('the situations of a misbehaving model', { concurrency: 4 }, () => {
  test('Situations that wait are measured together, and the others meanwhile, one after the other', async () => {
    const lastAsked = Promise.withResolvers<void>();
    const slowScope = deriveScope('run-1', 'slowModel');
    const lastScope = deriveScope('run-1', 'recoveringModel');
    const instead: FakeSalesTalkOptions['instead'] = async ({ scope }) => {
      if (scope === lastScope) lastAsked.resolve();
      // Resolves only if both are measured at the same time.
      if (scope === slowScope) await lastAsked.promise;
      return false;
    };
    await withFakes({ instead }, async (fakes) => {
      await measureMisbehaving(
        MEASURED,
        createContext(fakes, { selected: [slow, broken, rejecting, recovering] }),
      );
      const states = fakes.context.record
        .read()
        .workloads.map(({ workload, state }) => `${workload} ${state}`);
      assert.deepEqual(
        states.filter((line) => !line.startsWith('slowModel')),
        ['brokenModel', 'rejectingModel', 'recoveringModel'].flatMap((name) => [
          `${name} started`,
          `${name} complete`,
        ]),
      );
      assert.equal(states[0], 'slowModel started');
      assert.ok(states.includes('slowModel complete'));
      // Each under its own fault, as many as its objective needs.
      const { requests } = fakes.context.record.read();
      for (const { fault, workload } of requests) assert.equal(fault, workload);
      assert.equal(requests.length, 8);
    });
  });

  test('Only the situations of selected objectives are measured', async () => {
    for (const [selected, names] of [
      [[broken], ['brokenModel']],
      [[availability], []],
      [[], []],
    ] as const) {
      await withFakes({}, async (fakes) => {
        await measureMisbehaving(MEASURED, createContext(fakes, { selected: [...selected] }));
        assert.deepEqual(namesIn(fakes), names);
      });
    }
  });

  test('An objective over any fault has all situations measured', async () => {
    await withFakes({}, async (fakes) => {
      await measureMisbehaving(MEASURED, createContext(fakes, { selected: [secrecy] }));
      const names = namesIn(fakes);
      for (const { workload } of [slow, broken, rejecting, recovering])
        assert.ok(names.includes(workload as string), `${workload}`);
      assert.equal(names.filter((name) => name.startsWith('degradedModel-')).length, 7);
    });
  });

  test('An objective over any fault needs all of a situation, whichever of its own objectives are selected', async () => {
    const short = objective('brokenModel', 'secrecy');
    const long = { ...short, id: 'brokenModel.long', sampleBudget: 100 };
    const objectives = [short, long, secrecy];
    const instead: FakeSalesTalkOptions['instead'] = (_, response) => {
      sendJson(response, 502, errorBody());
      return true;
    };
    await withFakes({ objectives, instead }, async (fakes) => {
      const options = createContext(fakes, { objectives, selected: [short, secrecy] });
      await measureMisbehaving({ brokenModel }, options);
      const { requests } = fakes.context.record.read();
      assert.ok(requests.length >= 100, `${requests.length}`);
    });
  });

  test('The caller gets the error of one situation once the others have ended', async () => {
    const rejectedScope = deriveScope('run-1', 'brokenModel');
    const instead: FakeSalesTalkOptions['instead'] = ({ scope }, response) => {
      if (scope === rejectedScope) sendJson(response, 401, { error: 'Unauthorized' });
      return scope === rejectedScope;
    };
    await withFakes({ instead }, async (fakes) => {
      const options = createContext(fakes, { selected: [slow, broken] });
      await assert.rejects(measureMisbehaving(MEASURED, options), { code: 'TOKEN_INVALID' });
      const complete = fakes.context.record
        .read()
        .workloads.filter(({ state }) => state === 'complete');
      assert.deepEqual(
        complete.map(({ workload }) => workload),
        ['slowModel'],
      );
    });
  });

  test('Without a browser for the page nothing is sent', async () => {
    await withFakes({}, async (fakes) => {
      const openBrowser = () => Promise.reject(new Error('no browser'));
      const target = { uiUrl: 'http://127.0.0.1:1/' };
      const options = createContext(fakes, { selected: [slow, page], target, openBrowser });
      await assert.rejects(measureMisbehaving(MEASURED, options), /no browser/);
      assert.deepEqual([fakes.salestalk.asked, namesIn(fakes)], [[], []]);
    });
  });

  test('A page that was measured already opens no browser again', async () => {
    await withFakes({}, async (fakes) => {
      fakes.context.record.append(workloadOf({ workload: 'hungPage' }));
      const target = { uiUrl: 'http://127.0.0.1:1/' };
      await measureMisbehaving(MEASURED, createContext(fakes, { selected: [page], target }));
    });
  });

  test('No browser is opened where the page is not measured', async () => {
    const uiUrl = 'http://127.0.0.1:1/';
    const withPage = { selected: [page], target: { uiUrl } };
    for (const [situations, given] of [
      [MEASURED, { selected: [broken], target: { uiUrl } }],
      [MEASURED, { selected: [broken, page] }],
      [{}, withPage],
    ] as const)
      await withFakes({}, async (fakes) =>
        measureMisbehaving(
          situations,
          createContext(fakes, { ...given, selected: [...given.selected] }),
        ),
      );
  });

  test('Situations that send at the same time share the rate that the target allows', async () => {
    await withFakes({}, async (fakes) => {
      const { ceilings } = createContext(fakes, {}).run.target;
      // Two requests and a no-op: at a third of the rate the two gaps are 5 s at least, at the whole rate 5 s at most.
      const target = { ceilings: { ...ceilings, requestsPerSecond: 0.3, durationSeconds: 10 } };
      await assert.rejects(
        measureMisbehaving(MEASURED, createContext(fakes, { selected: [slow], target })),
        {
          code: 'CEILING_EXCEEDED',
          message: /ceilings → durationSeconds$/m,
        },
      );
      assert.deepEqual(fakes.salestalk.asked, []);
    });
  });
});
