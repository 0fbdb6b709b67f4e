import { alignRows } from '../core/alignedTable.ts';
import { metricOf } from '../core/budget/metrics.ts';
import { type Objective, percent } from '../core/budget/objective.ts';
import { describeNoEstimate, formatInterval } from '../core/verdict/formatEstimate.ts';
import { formatNumber } from '../core/verdict/formatValue.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { type Mark, markOf, markText } from './mark.ts';

type Judgement = Summary['objectives'][number];
type Judged = { objective: Objective; judgement: Judgement };

/** `✓` stands alone, as most rows should; every other mark has its word at the end of the line. */
const SIGNS = { pass: '✓', fail: '✗', inconclusive: '?', knownGap: '!' } as const;

const HEAD = ['', '', '', 'measured', 'interval', 'objective', 'events'];
/** What was measured, and what it is measured by: figures of one unit, one above the other. */
const ON_THE_RIGHT = [3, 5];

/**
 * A line for each objective below a line of headings, those of one operation below each other under its name. The sign and the word of the
 * verdict go through `paint`.
 */
export function objectiveRows(
  judged: Judged[],
  paint: (mark: Mark, text: string) => string,
): string[] {
  if (judged.length === 0) return [];
  const groups = [...Map.groupBy(judged, ({ objective }) => objective.operation).values()];
  const rows = groups.flatMap((group) => group.map((one, at) => cellsOf(one, at === 0)));
  const [head = '', ...lines] = alignRows([HEAD, ...rows], {
    right: (column) => ON_THE_RIGHT.includes(column),
  });
  const marks = groups.flat().map(({ judgement }) => markOf(judgement));
  return [head, ...lines.map((line, at) => paintLine(line, marks[at] ?? 'fail', paint))];
}

function paintLine(line: string, mark: Mark, paint: (mark: Mark, text: string) => string): string {
  const [sign, word] = [SIGNS[mark], markText(mark)];
  const rest = line.slice(sign.length);
  if (mark === 'pass') return `${paint(mark, sign)}${rest}`;
  return `${paint(mark, sign)}${rest}  ${paint(mark, word)}`;
}

function cellsOf({ objective, judgement }: Judged, isFirst: boolean): string[] {
  const { operation, id } = objective;
  const { estimate, interval } = judgement;
  const scaled = scaleOf(objective);
  return [
    SIGNS[markOf(judgement)],
    isFirst ? operation : '',
    id.startsWith(`${operation}.`) ? id.slice(operation.length + 1) : id,
    estimate === null
      ? describeNoEstimate(judgement)
      : `${labelOf(objective)}${withUnit(scaled.number(estimate), scaled.unit)}`,
    estimate === null ? '' : formatInterval(interval, objective.unit, (end) => scaled.number(end)),
    limitOf(objective, scaled),
    describeEvents(objective, judgement),
  ];
}

/** `67`, `67, 3 failed`: how many requests failed counts elsewhere, and under a fault it is what was asked for. */
function describeEvents({ fault }: Objective, { n, failed }: Judgement): string {
  const shown = n.toLocaleString('en-US');
  return failed > 0 && fault === null
    ? `${shown}, ${failed.toLocaleString('en-US')} failed`
    : shown;
}

function labelOf({ metric }: Objective): string {
  return metricOf(metric).kind === 'most' ? 'max ' : '';
}

function limitOf(objective: Objective, { number, unit }: Scale): string {
  const { metric } = objective;
  const { kind, wantsMore } = metricOf(metric);
  if (kind === 'never') return '= 100 %';
  if (kind === 'share') return `> ${percent(objective.objective)}`;
  const sign = kind === 'capacity' || wantsMore === true ? '>' : kind === 'quantile' ? '<' : '≤';
  return `${sign} ${withUnit(number(objective.objective), unit)}`;
}

type Scale = { number: (value: number) => string; unit: string };

/** How the values of an objective are written: bytes in the unit that suits the objective, times in whole milliseconds where there are many. */
function scaleOf({ unit, objective }: Objective): Scale {
  if (unit === 'share') return { unit: '%', number: (value) => formatNumber(value, unit) };
  const [factor, name] =
    unit === 'B' ? (BYTE_UNITS.find(([size]) => objective >= size) ?? [1, 'B']) : [1, unit];
  const limit = objective / factor;
  const isRound = unit === 'ms' || factor > 1;
  return {
    unit: name,
    number(value) {
      const short = isRound ? roundShort(value / factor) : formatNumber(value, unit);
      // What was rounded up to the objective would look as if it met, or missed, what it does not.
      const isAmbiguous = isRound && value / factor !== limit && short === roundShort(limit);
      return isAmbiguous ? grouped(value / factor, MOST_DECIMALS) : short;
    },
  };
}

const BYTE_UNITS: [number, string][] = [
  [1_000_000, 'MB'],
  [1000, 'kB'],
];
const MOST_DECIMALS = 3;

/** Three digits, or all before the point. */
function roundShort(value: number): string {
  const size = Math.abs(value);
  // -0.0 says nothing that 0 does not.
  if (size < 0.05) return '0';
  return grouped(value, size < 99.95 ? 1 : 0);
}

function grouped(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

function withUnit(number: string, unit: string): string {
  return `${number} ${number === '1' ? unit.replace(/^(call|request|point)s/, '$1') : unit}`;
}
