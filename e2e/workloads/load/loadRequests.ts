import type { Load } from '../../core/budget/loadSchema.ts';
import { type Draw, seededDraw } from '../../core/statistics/seededDraw.ts';
import type { SentOperation } from '../../salestalk/operations.ts';
import { QUESTIONS } from '../../salestalk/questions.ts';
import { deriveSeed } from '../recordWorkload.ts';

export type LoadRequestPlan = {
  operation: SentOperation;
  tenant: string;
  question: string;
  /** How long a user of a closed model pauses after its answer. */
  thinkMs: number;
};

/** Keeps the draws of one request apart from those of the next. */
const STRIDE = 0x9e3779b1;

/** Makes a function that plans any request of a load from its index alone: the same in each run, and without anything kept in memory. */
export function createRequestPlanner(
  name: string,
  load: Load,
  tenants: readonly string[],
): (index: number) => LoadRequestPlan {
  const seed = deriveSeed(name);
  const scenarios = load.scenarios.map((scenario) => ({
    share: scenario.share,
    questions: scenario.questions ?? QUESTIONS,
    think: scenario.thinkSeconds ?? { min: 0, max: 0 },
    pickTenant: createPicker(
      scenario.tenantShares?.map((share, at) => [tenants[at] as string, share]) ??
        tenants.map((tenant) => [tenant, 1]),
    ),
    pickOperation: createPicker(Object.entries(scenario.operations) as [SentOperation, number][]),
  }));
  const pickScenario = createPicker(scenarios.map((scenario) => [scenario, scenario.share]));
  return (index) => {
    const draw = seededDraw((seed + Math.imul(index, STRIDE)) | 0);
    const { questions, think, pickTenant, pickOperation } = pickScenario(draw);
    return {
      operation: pickOperation(draw),
      tenant: pickTenant(draw),
      question: questions[Math.floor(draw() * questions.length)] as string,
      thinkMs: (think.min + draw() * (think.max - think.min)) * 1000,
    };
  };
}

/** Makes a function that picks by shares, which need not add up to one. */
function createPicker<T>(choices: [T, number][]): (draw: Draw) => T {
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
