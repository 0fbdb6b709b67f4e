import type { Searched } from './searched.ts';

/** A fault that the embedded SalesTalk can be started with, and the verdicts that it must turn red: these, and no others. */
export type PlantedDefect = {
  name: string;
  what: string;
  turnsRed: string[];
  /** What it is looked for with. */
  by: Searched;
  /** Arguments that plant it, where it is no defect of its own. */
  args?: string[];
  /** Operations whose objectives show it under a misbehaving model; left out: those of the verdicts that turn red. */
  situations?: string[];
  /** Is the page asked too? */
  pages?: boolean;
  /** Does so much that nothing can be measured beside it? */
  loud?: boolean;
  /** Takes a minute and more, or another defect shows its verdict to be alive: left out of `npm run test:all`. */
  another?: boolean;
};
