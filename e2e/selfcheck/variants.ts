import type { RunRecord } from '../core/record/runRecord.ts';
import { describeNoEstimate, formatValue } from '../core/verdict/format.ts';
import type { Judgement } from '../core/verdict/judgement.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { LOADS } from '../measurements.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { HUNG_PAGE } from '../workloads/page/hungPage.ts';
import { PLANTED_DEFECTS, type PlantedDefect } from './plantedDefects.ts';
import { findSuite, SINGLE_WORKLOADS, type Suite } from './suites.ts';

/** An embedded SalesTalk to start and measure: one with a planted defect, or a clean twin. */
export type Variant = {
  name: string;
  args: string[];
  suites: Suite[];
  /** Of a misbehaving model, measure and judge these operations alone; null: all. */
  situations: readonly string[] | null;
  includesPage: boolean;
  /** Disturbs what runs beside it, so it is measured alone. */
  exclusive: boolean;
  /** Part of `npm run test:all`. */
  brief: boolean;
};

/** SalesTalk without a defect: its API, the same under a misbehaving model, its page and its process, and all of it under load. */
export const CLEAN = 'clean';
export const CLEAN_UNDER_FAULTS = 'clean-misbehaving-model';
export const CLEAN_PAGE = 'clean-page';
export const CLEAN_UNDER_LOAD = 'clean-under-load';

/** Under a model that hangs, requests end sooner than by SalesTalk's default, which saves waiting. */
const SHORTER_TOTAL = ['--ai-total-ms', '10000'];

/** Variants that may be measured side by side, and how many: in situations that mostly wait, and by suites that judge no time. */
const SIDE_BY_SIDE: { suites: readonly Suite[]; atOnce: number; atOnceInBrief: number }[] = [
  { suites: ['misbehavingModel'], atOnce: 3, atOnceInBrief: 5 },
  { suites: ['pageHeap', 'pageVisits', 'apiMemory'], atOnce: 2, atOnceInBrief: 2 },
];

const CLEAN_VARIANTS: Variant[] = [
  cleanTwin(CLEAN, ['baseline', 'availability', 'tenants', 'outage']),
  { ...cleanTwin(CLEAN_UNDER_FAULTS, ['misbehavingModel'], true), args: SHORTER_TOTAL },
  // In `npm run test:all` the perf project is the clean twin of the page.
  { ...cleanTwin(CLEAN_PAGE, [...SINGLE_WORKLOADS], true), brief: false },
  // Likewise the load project is the clean twin of the loads, except soak and capacity.
  { ...cleanTwin(CLEAN_UNDER_LOAD, [...LOADS]), brief: false },
];

function cleanTwin(name: string, suites: Suite[], includesPage = false): Variant {
  return { name, suites, includesPage, args: [], situations: null, exclusive: false, brief: true };
}

export const VARIANTS: ReadonlyMap<string, Variant> = new Map(
  [...CLEAN_VARIANTS, ...PLANTED_DEFECTS.map(createVariant)].map((variant) => [
    variant.name,
    variant,
  ]),
);

function createVariant(defect: PlantedDefect): Variant {
  const { name, suite, args = ['--defect', name], turnsRed } = defect;
  const isUnderFaults = suite === 'misbehavingModel';
  const { situations = turnsRed.map((id) => id.split('.')[0] ?? id) } = defect;
  return {
    name,
    args: isUnderFaults ? [...args, ...SHORTER_TOTAL] : args,
    suites: [suite],
    situations: isUnderFaults ? situations : null,
    includesPage: defect.includesPage ?? false,
    exclusive: defect.exclusive ?? false,
    brief: defect.fullRunOnly !== true,
  };
}

/** `brief`: measure only the situations that show the defect, not all that it must leave alone. @throws RangeError for an unknown variant */
export function findVariant(name: string, { brief }: { brief: boolean }): Variant {
  const variant = VARIANTS.get(name);
  if (variant === undefined) throw new RangeError(`there is no variant ${name}`);
  return brief ? variant : { ...variant, situations: null };
}

/** Names of the variants that are measured at the same time as this one, itself among them. */
export function findVariantsBeside(name: string, { brief }: { brief: boolean }): string[] {
  const mine = findVariant(name, { brief: true });
  const group = SIDE_BY_SIDE.find(({ suites }) => fitsGroup(suites, mine));
  if (group === undefined) return [name];
  // A brief run measures no others than brief variants, and opening pages takes CPU time from variants without a page.
  const alike = [...VARIANTS.values()].filter(
    (variant) =>
      fitsGroup(group.suites, variant) &&
      variant.brief === mine.brief &&
      variant.includesPage === mine.includesPage,
  );
  const atOnce = brief ? group.atOnceInBrief : group.atOnce;
  const at = Math.floor(alike.indexOf(mine) / atOnce) * atOnce;
  return alike.slice(at, at + atOnce).map((variant) => variant.name);
}

function fitsGroup(group: readonly Suite[], { suites, exclusive }: Variant): boolean {
  return !exclusive && suites.every((suite) => group.includes(suite));
}

export type Verdicts = {
  all: Judgement[];
  red: Judgement[];
  green: string[];
};

/** Judges a variant by all objectives of its suites. */
export function judgeVariant(
  record: RunRecord,
  { suites, situations, includesPage }: Pick<Variant, 'suites' | 'situations' | 'includesPage'>,
): Verdicts {
  const selected = record.run.objectives
    .filter((objective) => suites.some((suite) => suite === findSuite(objective)))
    .filter(({ workload }) => includesPage || workload !== HUNG_PAGE)
    .filter(({ fault, operation }) => fault === null || (situations?.includes(operation) ?? true))
    .map(({ id }) => id);
  const { judgements } = judgeRun(record, deriveEvents, { selected });
  return {
    all: judgements,
    red: judgements.filter(({ verdict }) => verdict === 'fail'),
    green: judgements.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id),
  };
}

/** Message of a failed test: the verdict and the reason of each objective that is red or is expected. */
export function describeVerdicts(all: Judgement[], expected: string[]): string {
  const shown = all.filter(({ id, verdict }) => verdict === 'fail' || expected.includes(id));
  const absent = expected.filter((id) => all.every((judgement) => judgement.id !== id));
  return [
    ...shown.map((judgement) => {
      const { id, verdict, n, bad, estimate, unit, reason } = judgement;
      const value = estimate === null ? describeNoEstimate(judgement) : formatValue(estimate, unit);
      return `${id}: ${verdict} (n = ${n}, ${bad} bad, ${value}): ${reason}`;
    }),
    ...absent.map((id) => `${id}: not judged`),
  ].join('\n');
}
