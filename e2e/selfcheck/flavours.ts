import type { PlantedDefect } from './plantedDefect.ts';
import { PLANTED_DEFECTS } from './plantedDefects.ts';
import { ALONE, type Searched, UNDER_LOAD } from './searched.ts';

/** A SalesTalk to be started and measured. */
export type Flavour = {
  name: string;
  /** Arguments that it is started with. */
  args: string[];
  by: Searched[];
  /** Of a misbehaving model, measure and judge these operations alone; null: all. */
  situations: readonly string[] | null;
  /** Is the page asked too? */
  pages: boolean;
  /** Does so much that others would be disturbed? */
  loud: boolean;
  /** Part of `npm run test:all`. */
  brief: boolean;
};

/** SalesTalk without a defect: its API, the same under a misbehaving model, its page and its process, and all of it under load. */
export const CLEAN = 'clean';
export const CLEAN_UNDER_FAULTS = 'clean-misbehaving-model';
export const CLEAN_PAGE = 'clean-page';
export const CLEAN_UNDER_LOAD = 'clean-under-load';

/** Under a model that hangs, a request ends after this long: less than SalesTalk gives it, so that less time is spent waiting. */
const SHORTER_TOTAL = ['--ai-total-ms', '10000'];

/** What may be measured side by side, and how many at a time: situations that mostly wait, and what is judged by no time. */
const SIDE_BY_SIDE: { by: readonly Searched[]; atOnce: number; atOnceInBrief: number }[] = [
  { by: ['misbehavingModel'], atOnce: 3, atOnceInBrief: 5 },
  { by: ['pageHeap', 'pageVisits', 'apiMemory'], atOnce: 2, atOnceInBrief: 2 },
];

const CLEAN_FLAVOURS: Flavour[] = [
  {
    name: CLEAN,
    args: [],
    by: ['baseline', 'availability', 'tenants', 'outage'],
    situations: null,
    pages: false,
    loud: false,
    brief: true,
  },
  {
    name: CLEAN_UNDER_FAULTS,
    args: SHORTER_TOTAL,
    by: ['misbehavingModel'],
    situations: null,
    pages: true,
    loud: false,
    brief: true,
  },
  // `npm run test:all` has its clean twin in the perf project.
  {
    name: CLEAN_PAGE,
    args: [],
    by: [...ALONE],
    situations: null,
    pages: true,
    loud: false,
    brief: false,
  },
  // And in the load project, but for soak and search.
  {
    name: CLEAN_UNDER_LOAD,
    args: [],
    by: [...UNDER_LOAD],
    situations: null,
    pages: false,
    loud: false,
    brief: false,
  },
];

/** All flavours, by name. */
export const FLAVOURS: ReadonlyMap<string, Flavour> = new Map(
  [...CLEAN_FLAVOURS, ...PLANTED_DEFECTS.map(flavourOf)].map((flavour) => [flavour.name, flavour]),
);

function flavourOf(defect: PlantedDefect): Flavour {
  const { name, by, args, turnsRed, pages = false, loud = false, another = false } = defect;
  const planted = args ?? ['--defect', name];
  const shorter = by === 'misbehavingModel' ? SHORTER_TOTAL : [];
  const { situations = turnsRed.map((id) => id.split('.')[0] ?? id) } = defect;
  return {
    name,
    args: [...planted, ...shorter],
    by: [by],
    situations: by === 'misbehavingModel' ? situations : null,
    pages,
    loud,
    brief: !another,
  };
}

/**
 * @param brief measure only the situations that show the defect, not all that it must leave alone
 * @throws RangeError for an unknown flavour
 */
export function flavourNamed(name: string, { brief }: { brief: boolean }): Flavour {
  const flavour = FLAVOURS.get(name);
  if (flavour === undefined) throw new RangeError(`there is no flavour ${name}`);
  return brief ? flavour : { ...flavour, situations: null };
}

/** Names of the flavours that are measured at the same time as this one, itself among them. */
export function flavoursBeside(name: string, { brief }: { brief: boolean }): string[] {
  const mine = FLAVOURS.get(name);
  const group = SIDE_BY_SIDE.find(({ by }) => mine !== undefined && isOf(by, mine));
  if (mine === undefined || group === undefined) return [name];
  // A brief run measures none that it does not ask for; and to open pages takes CPU time that others would lack.
  const alike = [...FLAVOURS.values()].filter(
    (flavour) =>
      isOf(group.by, flavour) && flavour.brief === mine.brief && flavour.pages === mine.pages,
  );
  const atOnce = brief ? group.atOnceInBrief : group.atOnce;
  const at = Math.floor(alike.indexOf(mine) / atOnce) * atOnce;
  return alike.slice(at, at + atOnce).map((flavour) => flavour.name);
}

function isOf(group: readonly Searched[], { by, loud }: Flavour): boolean {
  return !loud && by.every((one) => group.includes(one));
}
