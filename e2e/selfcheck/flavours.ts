import type { PlantedDefect } from './plantedDefect.ts';
import { PLANTED_DEFECTS } from './plantedDefects.ts';
import { ALONE, type Searched, UNDER_LOAD } from './searched.ts';

/** A SalesTalk to be started and measured. */
export type Flavour = {
  name: string;
  /** Arguments that it is started with. */
  args: string[];
  by: Searched[];
  /** Is the page asked too? */
  pages: boolean;
  /** Does so much that others would be disturbed? */
  loud: boolean;
  /** Part of `npm test`. */
  brief: boolean;
};

/** SalesTalk without a defect: its API, the same under a misbehaving model, its page and its process, and all of it under load. */
export const CLEAN = 'clean';
export const CLEAN_UNDER_FAULTS = 'clean-misbehaving-model';
export const CLEAN_PAGE = 'clean-page';
export const CLEAN_UNDER_LOAD = 'clean-under-load';

/** Under a model that hangs, a request ends after this long: less than SalesTalk gives it, so that less time is spent waiting. */
const SHORTER_TOTAL = ['--ai-total-ms', '10000'];

/** Those that do little but wait are measured so many at a time. */
const AT_ONCE = 3;

const CLEAN_FLAVOURS: Flavour[] = [
  {
    name: CLEAN,
    args: [],
    by: ['baseline', 'availability', 'tenants', 'outage'],
    pages: false,
    loud: false,
    brief: true,
  },
  {
    name: CLEAN_UNDER_FAULTS,
    args: SHORTER_TOTAL,
    by: ['misbehavingModel'],
    pages: true,
    loud: false,
    brief: true,
  },
  // `npm test` has its clean twin in the perf project.
  { name: CLEAN_PAGE, args: [], by: [...ALONE], pages: true, loud: false, brief: false },
  // And in the load project, but for soak and search.
  {
    name: CLEAN_UNDER_LOAD,
    args: [],
    by: [...UNDER_LOAD],
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
  const { name, by, args, pages = false, loud = false, another = false } = defect;
  const planted = args ?? ['--defect', name];
  const shorter = by === 'misbehavingModel' ? SHORTER_TOTAL : [];
  return { name, args: [...planted, ...shorter], by: [by], pages, loud, brief: !another };
}

/** Names of the flavours that are measured at the same time as this one, itself among them. */
export function flavoursBeside(name: string): string[] {
  const all = [...FLAVOURS.values()];
  const mine = all.find((flavour) => flavour.name === name);
  if (mine === undefined || !waits(mine)) return [name];
  // A brief run measures none that it does not ask for.
  const alike = all.filter((flavour) => waits(flavour) && flavour.brief === mine.brief);
  const at = Math.floor(alike.indexOf(mine) / AT_ONCE) * AT_ONCE;
  return alike.slice(at, at + AT_ONCE).map((flavour) => flavour.name);
}

function waits({ by, loud }: Flavour): boolean {
  return !loud && by.every((one) => one === 'misbehavingModel');
}
