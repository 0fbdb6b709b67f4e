import { appendUnit, type Objective, percent } from '../core/budget/objective.ts';
import { alignRows } from '../core/table.ts';
import {
  describeNoEstimate,
  formatCount,
  formatInterval,
  formatNumber,
} from '../core/verdict/format.ts';
import { chooseMark, formatMark, type Judged, type Mark } from './describeSummary.ts';

/** Every mark but a pass also has its word at the end of the line. */
export const SIGNS = { pass: '✓', fail: '✗', inconclusive: '?', knownGap: '!' } as const;

const HEAD = ['', '', '', 'measured', 'interval', 'objective', 'events'];
/** The measured value and the objective. */
const RIGHT_ALIGNED = [3, 5];

/** A line of headings and a line for each objective, grouped by operation. `paint` colours the sign and the word of the verdict. */
export function objectiveRows(
  judged: Judged[],
  paint: (mark: Mark, text: string) => string,
): string[] {
  if (judged.length === 0) return [];
  const groups = [...Map.groupBy(judged, ({ objective }) => objective.operation).values()];
  const rows = groups.flatMap((group) => group.map((one, at) => formatCells(one, at === 0)));
  const [head = '', ...lines] = alignRows([HEAD, ...rows], {
    right: (column) => RIGHT_ALIGNED.includes(column),
  });
  const marks = groups.flat().map(({ judgement }) => chooseMark(judgement));
  return [head, ...lines.map((line, at) => paintLine(line, marks[at] ?? 'fail', paint))];
}

function paintLine(line: string, mark: Mark, paint: (mark: Mark, text: string) => string): string {
  const [sign, word] = [SIGNS[mark], formatMark(mark)];
  const rest = line.slice(sign.length);
  if (mark === 'pass') return `${paint(mark, sign)}${rest}`;
  return `${paint(mark, sign)}${rest}  ${paint(mark, word)}`;
}

/** The sign, the operation if it is the first of its group, the name, the estimate, the interval, the objective and the events. */
export function formatCells({ objective, judgement }: Judged, isFirst: boolean): string[] {
  const { operation, id } = objective;
  const { estimate, interval } = judgement;
  const scaled = chooseScale(objective);
  return [
    SIGNS[chooseMark(judgement)],
    isFirst ? operation : '',
    id.startsWith(`${operation}.`) ? id.slice(operation.length + 1) : id,
    estimate === null
      ? describeNoEstimate(judgement)
      : `${objective.metric.kind === 'maximum' ? 'max ' : ''}${appendUnit(scaled.number(estimate), scaled.unit)}`,
    estimate === null ? '' : formatInterval(interval, objective.unit, (end) => scaled.number(end)),
    formatLimit(objective, scaled),
    describeEvents(objective, judgement),
  ];
}

/** `67, 3 failed, 2 set aside`; under a fault, failed requests are expected and not listed. */
function describeEvents(
  { fault }: Objective,
  { n, failed, setAside }: Judged['judgement'],
): string {
  return [
    formatCount(n),
    ...(failed > 0 && fault === null ? [`${formatCount(failed)} failed`] : []),
    ...(setAside > 0 ? [`${formatCount(setAside)} set aside`] : []),
  ].join(', ');
}

function formatLimit(objective: Objective, { limit, unit }: Scale): string {
  const { kind, wantsMore, limitsBadShare } = objective.metric;
  if (kind === 'zeroTolerance') return '= 100 %';
  if (kind === 'share') {
    return `${limitsBadShare === true ? '<' : '>'} ${percent(objective.objective)}`;
  }
  const isBelow = kind === 'quantile' || kind === 'regression';
  const sign = kind === 'capacity' || wantsMore === true ? '>' : isBelow ? '<' : '≤';
  return `${sign} ${appendUnit(limit, unit)}`;
}

type Scale = {
  /** Formats a measured value. */
  number: (value: number) => string;
  /** The objective, as precise as it was set. */
  limit: string;
  unit: string;
};

/** The unit and precision for an objective: bytes in kB or MB, long times in whole milliseconds. */
function chooseScale({ unit, objective }: Objective): Scale {
  const [factor, name] =
    unit === 'B' ? (BYTE_UNITS.find(([size]) => objective >= size) ?? [1, unit]) : [1, unit];
  const limit = (objective / factor).toLocaleString('en-US', { maximumFractionDigits: 6 });
  if (unit !== 'ms' && factor === 1) {
    const number = (value: number) => formatNumber(value, unit);
    return { unit: unit === 'share' ? '%' : name, limit, number };
  }
  return {
    unit: name,
    limit,
    number(value) {
      const short = roundShort(value / factor);
      // A value that rounds to the objective would seem to meet or miss it wrongly.
      const isMisleading = value !== objective && short === roundShort(objective / factor);
      return isMisleading ? fixed(value / factor, MAX_DECIMALS) : short;
    },
  };
}

const BYTE_UNITS: [number, string][] = [
  [1_000_000, 'MB'],
  [1000, 'kB'],
];
const MAX_DECIMALS = 3;

/** One decimal below 100, otherwise none; no negative zero. */
function roundShort(value: number): string {
  const size = Math.abs(value);
  return size < 0.05 ? '0' : fixed(value, size < 99.95 ? 1 : 0);
}

function fixed(value: number, decimals: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}
