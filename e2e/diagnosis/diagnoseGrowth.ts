import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/table.ts';
import { plainText } from '../core/terminalText.ts';
import { formatValue } from '../core/verdict/format.ts';
import type { Evidence } from '../matchers/judgeMeasured.ts';
import { explainGrowth, type GrowthExplanation } from '../probes/heap/explainGrowth.ts';
import { STEADY_HEAP_ARGS } from '../probes/heap/sampleHeap.ts';
import { newChatPage, type PageContext, tenantOf } from '../workloads/page/pageContext.ts';
import type { PageStep } from './diagnoseStep.ts';
import { gatherEvidenceOnce, writeEvidence } from './evidence.ts';
import { withUnrecordedModel } from './withUnrecordedModel.ts';

/** Questions before the first snapshot, so that it holds what the page keeps for good. */
const WARM_UPS = 25;

/** Repeats a step of a page and compares heap snapshots: which constructor grows, and what retains its objects. */
export async function diagnoseGrowth(step: PageStep, context: PageContext): Promise<Evidence> {
  const { findings, files } = await gatherEvidenceOnce(step.name, context.run, async (folder) => {
    const explanation = await explain(step, context);
    const text = describeGrowth(explanation);
    return {
      findings: { growth: findGrowth(explanation) },
      files: [writeEvidence(folder, 'heap growth.txt', text)],
    };
  });
  return { found: findings.growth ?? null, files };
}

function explain(step: PageStep, context: PageContext): Promise<GrowthExplanation> {
  return withUnrecordedModel(step.name, step.model, context, async (questions) => {
    await using browser = await context.openBrowser(STEADY_HEAP_ARGS);
    const chat = await newChatPage(browser, context);
    await chat.signIn(tenantOf(context));
    const iterate = () => step.take(chat, questions());
    for (let turn = 0; turn < WARM_UPS; turn++) await iterate();
    return await explainGrowth(chat.page, iterate);
  });
}

type Row = GrowthExplanation['growth'][number];

const MOST_STEPS = 4;

/** What grew most, in a sentence. */
export function findGrowth({ iterations, growth }: GrowthExplanation): string | null {
  const [first] = growth;
  if (first === undefined) return null;
  const { constructorName, countDelta, retainedDeltaBytes, retainers } = first;
  const each = formatValue(retainedDeltaBytes / iterations, 'B');
  const held = retainers === null ? '' : `, held by ${endOf(retainers.path)}`;
  const many = Number((countDelta / iterations).toPrecision(2));
  return plainText(
    `Each further use leaves ${many} × ${constructorName} behind (${each}, all that they hold included)${held}.`,
  );
}

/** The last steps name what holds it; the table has all steps. */
function endOf(path: string): string {
  const steps = path.split(' → ');
  return steps.length <= MOST_STEPS ? path : `… → ${steps.slice(-MOST_STEPS).join(' → ')}`;
}

/** A table of all that grew; below each row, the path that holds most of the new objects. */
export function describeGrowth({ iterations, growth }: GrowthExplanation): string {
  const title = `In ${iterations} further uses, all that holds at least one more of its kind or 64 B more a use:\n`;
  if (growth.length === 0) return `${title}\n  nothing\n`;
  const head = ['constructor', 'count', 'own size', 'with all that it holds'];
  const [names, ...rows] = alignRows([head, ...growth.map(cellsOf)], FIGURES_ON_THE_RIGHT).map(
    (line) => `  ${line}`,
  );
  const lines = growth.flatMap((row, at) => [rows[at], heldLine(row)]);
  return `${[title, names, ...lines].join('\n')}\n`;
}

function cellsOf({ constructorName, countDelta, selfDeltaBytes, retainedDeltaBytes }: Row) {
  return [
    plainText(constructorName),
    signed(countDelta, String(countDelta)),
    signed(selfDeltaBytes, formatValue(selfDeltaBytes, 'B')),
    signed(retainedDeltaBytes, formatValue(retainedDeltaBytes, 'B')),
  ];
}

function signed(value: number, text: string): string {
  return value > 0 ? `+${text}` : text;
}

function heldLine({ retainers }: Row): string {
  if (retainers === null) return '      held by nothing that a window leads to';
  const { path, count, of } = retainers;
  return `      ${count} of ${of} held by ${plainText(path)}`;
}
