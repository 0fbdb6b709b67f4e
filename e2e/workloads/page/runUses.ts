import type { Objective } from '../../core/budget/objective.ts';
import type { RequestLine } from '../../core/record/recordLine.ts';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import type { RequestPlace } from '../../salestalk/questions.ts';
import { reportNowAndThen } from '../../setup/progressFeed.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import { asWorkload, type FrameRun } from '../api/asWorkload.ts';
import { lookAt } from '../api/look.ts';
import { mostReplacements } from '../api/plan.ts';
import { progressOf } from '../api/progress.ts';

/** What one use came to. */
export type Use = Pick<
  RequestLine,
  'sentAtMs' | 'failure' | 'requestId' | 'values' | 'phases' | 'checks' | 'objection'
> & { tenant: string | null };

/** Something that is used again and again, one use after the other. */
export type Uses = {
  /** Names the workload. */
  name: string;
  operation: string;
  /** Left out: a page. */
  via?: RequestLine['via'];
  /** Uses that are thrown away. */
  warmUps: number;
  /** Uses to judge, at most. */
  most: number;
  /** The objectives that it is used for: once these are clear, it ends. None: it is used to the end. */
  serves: (objective: Objective) => boolean;
  /** What the model does meanwhile. */
  model: ModelBehaviour[];
  use: (place: RequestPlace) => Promise<Use>;
};

/** A use that was seen to succeed and of which nothing is checked. */
export function plainUse({
  sentAtMs,
  tenant = null,
  values,
}: Pick<Use, 'sentAtMs' | 'values'> & { tenant?: string | null }): Use {
  const rest = { failure: null, requestId: null, checks: {}, objection: null };
  return { sentAtMs, tenant, values, ...rest };
}

/**
 * Uses something and records what came of it, until it is clear what it is used for. What the record has already is not used again.
 * @throws HarnessError AI_MOCK_FAILED, and what a use throws
 */
export async function runUses(uses: Uses, run: FrameRun): Promise<void> {
  const { name, operation, warmUps, most, serves, model } = uses;
  const { record } = run;
  await asWorkload({ name, planned: { [operation]: most }, model }, run, async (framed) => {
    const { scope, calls, checkForStalls } = framed;
    const known = new Set(record.soFar.requests.map(({ id }) => id));
    // Uses that the harness spoilt itself are made up for.
    for (let index = 0; index < warmUps + most + replacements(uses, record); index++) {
      if (known.has(idOf({ scope, index }))) continue;
      const warmUp = index < warmUps;
      if (!warmUp && isClear(name, serves, record)) break;
      const use = await uses.use({ scope, index });
      record.append(lineOf(uses, { scope, index }, { ...use, warmUp }));
      // Before it is counted how many are to be made up for: the last one may be spoilt too.
      checkForStalls();
    }
    await calls?.settle();
  });
}

function replacements({ serves, most }: Uses, record: RecordWriter): number {
  const look = lookAt({ serves }, record.soFar, Number.POSITIVE_INFINITY);
  const setAside = look.map(({ series, isClear }) => (isClear ? 0 : (series.setAside?.n ?? 0)));
  return Math.min(Math.max(0, ...setAside), mostReplacements(most));
}

function isClear(name: string, serves: Uses['serves'], record: RecordWriter): boolean {
  const look = lookAt({ serves }, record.soFar, Number.POSITIVE_INFINITY);
  reportNowAndThen(name, () => progressOf(look));
  return look.length > 0 && look.every((entry) => entry.isClear);
}

/** A use as a line of the record. */
export function lineOf(
  { name, operation, via = 'page' }: Pick<Uses, 'name' | 'operation' | 'via'>,
  place: RequestPlace,
  use: Use & { warmUp: boolean; fault?: string },
): RequestLine {
  return {
    type: 'request',
    id: idOf(place),
    workload: name,
    operation,
    via,
    ...place,
    fault: null,
    lateMs: null,
    connectionReused: null,
    status: null,
    ...use,
  };
}

function idOf({ scope, index }: RequestPlace): string {
  return `${scope}-${index}`;
}
