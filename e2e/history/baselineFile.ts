import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkInput } from '../core/checkInput.ts';
import { HarnessError } from '../core/harnessError.ts';
import { readJson } from '../core/readJson.ts';
import { type Baseline, baselineSchema } from './baseline.ts';
import { writeWholeFile } from './history.ts';

/** A baseline is stored beside the budget of its target. */
export function baselineFileOf(target: string): string {
  return path.posix.join('budgets', 'baselines', `${target}.json`);
}

const REMEDY = 'Restore the file, or delete it and accept a new baseline: npm run baseline:accept.';

/** Null if none was accepted yet. @throws HarnessError BASELINE_INVALID */
export function readBaseline(target: string): Baseline | null {
  const file = baselineFileOf(target);
  const text = readTextIfAny(file);
  if (text === null) return null;
  const code = 'BASELINE_INVALID';
  const input = readJson(text, { file, code, remedy: REMEDY });
  const schema = baselineSchema.extend({
    target: baselineSchema.shape.target.refine((name) => name === target, target),
  });
  return checkInput(input, schema, ({ path: place, found, expected }) => ({
    ...{ code, summary: `${file} is not a baseline.`, file, path: place, found, expected },
    remedy: REMEDY,
  }));
}

/** @throws HarnessError BASELINE_INVALID; an earlier baseline is unchanged then */
export function writeBaseline(baseline: Baseline): void {
  const file = baselineFileOf(baseline.target);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeWholeFile(file, formatBaseline(baseline));
  } catch (error) {
    throw unusableFile(file, error);
  }
}

/** JSON with a line for each set of runs, so that a diff shows what was accepted. */
function formatBaseline({ figures, ...head }: Baseline): string {
  const line = (value: unknown) =>
    JSON.stringify(value, null, 1)
      .replaceAll(/\n\s*/g, ' ')
      .replaceAll('[ ', '[')
      .replaceAll(' ]', ']');
  const heads = Object.entries(head).map(([key, value]) => `  "${key}": ${line(value)},\n`);
  const entries = Object.entries(figures).map(([id, { unit, oldest, latest }]) => {
    const sets = Object.entries({ unit, oldest, latest });
    return `    ${line(id)}: {\n${sets.map(([key, set]) => `      "${key}": ${line(set)}`).join(',\n')}\n    }`;
  });
  return `{\n${heads.join('')}  "figures": {\n${entries.join(',\n')}\n  }\n}\n`;
}

function readTextIfAny(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusableFile(file, error);
  }
}

function unusableFile(file: string, error: unknown): HarnessError {
  return new HarnessError({
    code: 'BASELINE_INVALID',
    summary: `${file} cannot be used.`,
    file,
    found: (error as NodeJS.ErrnoException).code ?? String(error),
    expected: 'a file that this user may read and write, and room for it',
    remedy: 'Correct its rights, or free some space. What was there is unchanged.',
  });
}
