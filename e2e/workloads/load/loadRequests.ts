import type { Load } from '../../core/budget/loadSchema.ts';
import { type Draw, seededDraw } from '../../core/statistics/seededDraw.ts';
import type { LoadOutcome, LoadSample } from '../../engine/loadSample.ts';
import type { ApiClient } from '../../salestalk/apiClient.ts';
import type { SentOperation } from '../../salestalk/operations.ts';
import { QUESTIONS } from '../../salestalk/questions.ts';
import { refuseRejectedToken } from '../../setup/tokens.ts';
import { seedOf } from '../recordWorkload.ts';
import type { EndedRequest } from './loadRecorder.ts';

/** The caller gives up after this long. */
const TIMEOUT_MS = 30_000;

/** Sends the requests of a load. */
export type LoadSender = {
  send: (index: number) => Promise<LoadOutcome>;
  /** Completes a sample for the recorder. */
  ended: (sample: LoadSample, part: { fromMs: number; warmUpMs: number }) => EndedRequest;
  /** The error that ended the load, such as a refused token; null without one. */
  failure: () => unknown;
};

/** @param onFailure called, maybe more than once, after an error that ends the load */
export function createLoadSender(
  api: ApiClient,
  scope: string,
  planOf: (index: number) => LoadRequestPlan,
  onFailure: () => void,
): LoadSender {
  const isolated = new Map<number, boolean>();
  const otherIds = new Map<number, NonNullable<EndedRequest['otherIds']>>();
  let failure: unknown = null;
  return {
    failure: () => failure,
    async send(index) {
      const { operation, tenant, question } = planOf(index);
      try {
        const place = { scope, index };
        const asked = await api.ask(operation, {
          tenant,
          question,
          place,
          patienceMs: TIMEOUT_MS,
        });
        refuseRejectedToken({ status: asked.status, tenant, operation });
        const { isolation } = asked.checks;
        if (isolation !== undefined) isolated.set(index, isolation);
        const { requestId: sent, answeredIds: answered } = asked;
        if (answered !== undefined) otherIds.set(index, { sent, answered });
        const { failure: why, connectionReused, heldMs, values } = asked;
        if (values.endedMs === undefined) throw new Error(`no end of request ${index}`);
        return { heldMs, serviceMs: values.endedMs, failure: why, connectionReused };
      } catch (error) {
        failure ??= error;
        onFailure();
        // Nothing is recorded from here on.
        return {
          heldMs: 0,
          serviceMs: Number.NaN,
          failure: 'not measured',
          connectionReused: null,
        };
      }
    },
    ended(sample, { fromMs, warmUpMs }) {
      const { index, dueMs } = sample;
      const { operation, tenant } = planOf(index);
      const isIsolated = isolated.get(index) ?? null;
      isolated.delete(index);
      const ids = otherIds.get(index);
      otherIds.delete(index);
      return {
        ...sample,
        id: `${scope}-${index}`,
        dueAtMs: fromMs + dueMs,
        modelMs: null,
        operation,
        tenant,
        isolated: isIsolated,
        warmUp: dueMs < warmUpMs,
        knownAtMs: performance.now(),
        ...(ids === undefined ? {} : { otherIds: ids }),
      };
    },
  };
}

/** One request of a load. */
export type LoadRequestPlan = {
  operation: SentOperation;
  tenant: string;
  question: string;
  /** How long a user of a closed model pauses after its answer. */
  thinkMs: number;
};

/** Keeps the draws of one request apart from those of the next. */
const STRIDE = 0x9e3779b1;
const MS_PER_SECOND = 1000;

/**
 * Makes a function that plans any request of a load from its index alone: the same in each run, and nothing is kept in memory.
 */
export function loadRequestPlanner(
  name: string,
  load: Load,
  tenants: readonly string[],
): (index: number) => LoadRequestPlan {
  const seed = seedOf(name);
  const scenarios = load.scenarios.map((scenario) => ({
    share: scenario.share,
    questions: scenario.questions ?? QUESTIONS,
    think: scenario.thinkSeconds ?? { min: 0, max: 0 },
    tenantOf: pickerOf(
      scenario.tenantShares?.map((share, at) => [tenants[at] as string, share]) ??
        tenants.map((tenant) => [tenant, 1]),
    ),
    operationOf: pickerOf(Object.entries(scenario.operations) as [SentOperation, number][]),
  }));
  const scenarioOf = pickerOf(scenarios.map((scenario) => [scenario, scenario.share]));
  return (index) => {
    const draw = seededDraw((seed + Math.imul(index, STRIDE)) | 0);
    const { questions, think, tenantOf, operationOf } = scenarioOf(draw);
    return {
      operation: operationOf(draw),
      tenant: tenantOf(draw),
      question: questions[Math.floor(draw() * questions.length)] as string,
      thinkMs: (think.min + draw() * (think.max - think.min)) * MS_PER_SECOND,
    };
  };
}

/** Picks by shares, which need not add up to one. */
function pickerOf<T>(choices: [T, number][]): (draw: Draw) => T {
  const total = choices.reduce((sum, [, share]) => sum + share, 0);
  return (draw) => {
    let place = draw() * total;
    const found = choices.find(([, share]) => {
      place -= share;
      return place < 0;
    });
    return (found ?? (choices.at(-1) as [T, number]))[0];
  };
}
