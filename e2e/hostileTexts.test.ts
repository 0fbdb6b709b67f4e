import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import parseOpenMetrics from 'parse-prometheus-text-format';
import { markdownText, terminalText } from './compare/report.ts';
import { comparisonOf } from './compare/testing/comparisonOf.ts';
import { alignedTable } from './core/table.ts';
import { plainText } from './core/terminalText.ts';
import { HOSTILE_TEXTS } from './core/testing/hostileTexts.ts';
import { analyseHistory } from './history/analyseHistory.ts';
import { formatHistory } from './history/historyText.ts';
import { ENVIRONMENT, nightOf } from './history/testing/nightOf.ts';
import { budgetMessage } from './matchers/budgetMessage.ts';
import { annotations } from './report/annotations.ts';
import { findJudged, findUnmet } from './report/describeSummary.ts';
import { madeRecord } from './report/html/testing/madeRun.ts';
import { openMetrics } from './report/openMetrics.ts';
import { RunProgress } from './report/runProgress.ts';
import { escapeMarkdown, summaryMarkdown } from './report/summaryMarkdown.ts';
import { terminalReport } from './report/terminalReport.ts';
import { describeError, matcherMessages } from './report/testFailures.ts';
import { summaryOf } from './report/testing/summaryOf.ts';

/** A run whose target and budget put this text wherever they can. The page of it is tested beside the page, JUnit's XML in a real run. */
function runOf(text: string) {
  const record = madeRecord(text);
  const summary = summaryOf(record);
  summary.reasons.push(plainText(text));
  return { summary, objectives: record.run.objectives };
}

function comparisonWith(text: string) {
  const { sides } = comparisonOf();
  return comparisonOf({
    sides: { ...sides, candidate: { ...sides.candidate, shown: text } },
    candidateArgs: [text],
    environment: { [text]: text },
    notMeasured: [{ words: text, reason: text }],
  });
}

function historyWith(text: string) {
  const flaky = (night: number, outcome: 'passed' | 'failed') =>
    nightOf(night, {
      ...{ target: text, commit: text, environment: { ...ENVIRONMENT, cpu: text } },
      figures: [{ id: text, unit: 'ms', n: 20, median: 300 }],
      executions: [{ test: text, outcome }],
    });
  return analyseHistory([flaky(1, 'passed'), flaky(2, 'failed')]);
}

function progressWith(text: string): string {
  const progress = new RunProgress([], 1);
  progress.takeLine({ workload: text, state: 'running', clear: [], note: text });
  return progress.describe(0, 120);
}

function messageWith(text: string): string {
  const { summary, objectives } = runOf(text);
  const [unmet] = findUnmet(findJudged(summary, objectives));
  assert.ok(unmet !== undefined);
  const message = budgetMessage(unmet, text, [], [text]);
  const results = [{ errors: [{ message }] }];
  const [shown] = matcherMessages([{ results } as never]).values();
  assert.ok(shown !== undefined);
  return shown;
}

/** All that stands in a terminal or the log of a CI system. */
const TERMINAL: Record<string, (text: string) => string> = {
  'the report of a run': (text) => {
    const { summary, objectives } = runOf(text);
    return terminalReport(summary, objectives, { verbose: true });
  },
  'its progress': progressWith,
  'the message of the matcher': messageWith,
  'the error of a test': (message) => describeError({ message, snippet: message }, '/'),
  'a history': (text) => formatHistory(historyWith(text)),
  'a comparison': (text) => terminalText(comparisonWith(text)),
  'a benchmark': (text) => alignedTable({ head: [text], rows: [[text]] }),
};

const MARKDOWN: Record<string, (text: string) => string> = {
  'the summary of a run': (text) => {
    const { summary, objectives } = runOf(text);
    return summaryMarkdown(summary, objectives);
  },
  'the summary of a comparison': (text) => markdownText(comparisonWith(text)),
};

/** What remains of Markdown without its escapes and words: the markup, and what GitHub makes a link of. */
function markup(text: string): string {
  return text.replaceAll(/\\.(?:&#8203;)?/g, '').replaceAll(/[^|<>#`*_~[\]()@$&:/+\n]/g, '');
}

const ANNOTATION = /^::(error|warning) title=(?:[^:,%\p{C}]|%(?:25|3A|2C))+::(?:[^%\p{C}]|%25)+$/u;

for (const [what, text] of Object.entries(HOSTILE_TEXTS)) {
  describe(`a hostile text is harmless: ${what}`, () => {
    for (const [where, write] of Object.entries({ ...TERMINAL, ...MARKDOWN })) {
      test(`in ${where} it is no control character and no command of a CI system`, () => {
        const written = write(text);
        assert.doesNotMatch(written, /[^\P{C}\n]/u);
        assert.doesNotMatch(written, /^\s*::|##\[/m);
      });
    }
    for (const [where, write] of Object.entries(MARKDOWN)) {
      test(`in ${where} it is no markup`, () => {
        assert.equal(markup(write(text)), markup(write('plain')));
      });
    }

    test('in annotations it adds no command and ends none', () => {
      const annotate = ({ summary, objectives }: ReturnType<typeof runOf>) =>
        annotations(summary, objectives).trimEnd().split('\n');
      const lines = annotate(runOf(text));
      assert.equal(lines.length, annotate(runOf('plain')).length);
      for (const line of lines) assert.match(line, ANNOTATION);
    });

    test('in OpenMetrics it stands in the labels, and nowhere else', async () => {
      const { summary } = runOf(text);
      const families = parseOpenMetrics(await openMetrics(summary));
      const plain = parseOpenMetrics(await openMetrics(runOf('plain').summary));
      const shape = (all: typeof plain) => all.map(({ name, metrics }) => [name, metrics.length]);
      assert.deepEqual(shape(families), shape(plain));
      for (const { labels } of families.flatMap(({ metrics }) => metrics)) {
        assert.equal(labels?.target, plainText(text));
      }
    });
  });
}

test('a mention and a reference to an issue are ended before their names', () => {
  assert.equal(
    escapeMarkdown('@team a@b.c shop/harness#7 & #'),
    '\\@&#8203;team a\\@&#8203;b\\.c shop\\/harness\\#&#8203;7 \\& \\#',
  );
});
