import { showChart } from './chartView.ts';
import { element, requireElement, requirePart } from './elements.ts';
import { describeFailure } from './failure.ts';
import { formatFigure, formatPeriod, formatTerm } from './format.ts';
import type { Classification, DataReference } from './readAnswer.ts';
import { type Answer, hasEnded } from './reduceAnswer.ts';

const STEP_WORDS: Record<Answer['step'], string> = {
  classifying: 'Reading your question',
  fetching: 'Looking up the figures',
  writing: 'Writing the answer',
};

export function createArticle(question: string): HTMLElement {
  const template = requireElement(document, '#answer-template', HTMLTemplateElement);
  const fragment = document.importNode(template.content, true);
  const article = requireElement(fragment, 'article', HTMLElement);
  article.ariaLabel = `Answer to: ${question}`;
  requirePart(article, 'question').textContent = question;
  return article;
}

export function clearArticle(article: HTMLElement): void {
  for (const part of ['classification', 'chart', 'sources'])
    requirePart(article, part).hidden = true;
  requirePart(article, 'narrative').textContent = '';
}

/**
 * Brings an article from one state of its answer to the next, and touches only what changed. Everything new comes below, so
 * that nothing moves while the user reads: the sources wait for the whole narrative.
 */
export function showAnswer(article: HTMLElement, previous: Answer, next: Answer): void {
  const ended = hasEnded(next);
  article.dataset.state = next.state;
  article.ariaBusy = String(!ended);

  if (next.classification !== previous.classification && next.classification !== null) {
    showClassification(requirePart(article, 'classification'), next.classification);
  }
  if (next.references !== previous.references) {
    showChart(requirePart(article, 'chart'), next.references);
  }
  if (next.narrative !== previous.narrative) {
    showNarrative(requirePart(article, 'narrative'), previous.narrative, next.narrative);
  }
  showProgress(requirePart(article, 'progress'), next);
  if (ended) showSources(requirePart(article, 'sources'), next.references);
  showFailure(article, next);
}

/** Appends the new text only: a chunk does not cost a rendering of the whole narrative. */
function showNarrative(narrative: HTMLElement, before: string, after: string): void {
  const text = narrative.firstChild;
  if (text instanceof Text && after.startsWith(before)) text.appendData(after.slice(before.length));
  else narrative.textContent = after;
}

/**
 * Shows the current step below what is known so far. A new element replaces the line, which starts the style sheet's timer
 * for "longer than usual" again and causes no layout shift.
 */
function showProgress(shown: HTMLElement, answer: Answer): void {
  if (answer.state !== 'loading') {
    shown.textContent = '';
    return;
  }
  const progress = element('p', 'progress', STEP_WORDS[answer.step]);
  progress.dataset.part = 'progress';
  shown.replaceWith(progress);
}

function showFailure(article: HTMLElement, answer: Answer): void {
  const part = requirePart(article, 'failure');
  const { failure } = answer;
  part.hidden = failure === null;
  if (failure === null) return;
  part.dataset.kind = failure.kind;
  const lines = [element('p', '', describeFailure(failure))];
  // Support can look up a question that may have reached the service.
  if (failure.kind !== 'offline' && failure.kind !== 'stopped') {
    lines.push(element('p', 'help', `Reference ${article.dataset.requestId}`));
  }
  requireElement(part, '[role="alert"]', HTMLElement).replaceChildren(...lines);
}

function showClassification(list: HTMLElement, classification: Classification): void {
  const pairs = describeClassification(classification).map(([label, words]) =>
    element('div', '', element('dt', '', label), element('dd', '', words)),
  );
  list.hidden = pairs.length === 0;
  list.replaceChildren(...pairs);
}

const INTENTS: Record<string, string> = {
  what: 'A figure',
  why: 'A reason',
  compare: 'A comparison',
  trend: 'A trend',
  forecast: 'A forecast',
  rank: 'A ranking',
  breakdown: 'A breakdown',
  target: 'Progress to a target',
  correlation: 'A connection',
  anomaly: 'Something unusual',
};

/** How SalesTalk understood a question, as pairs of label and plain words. What it did not state is left out. */
export function describeClassification(
  classification: Classification,
): [label: string, words: string][] {
  const { intent, subject, measure, period, confidence } = classification;
  const pairs: [string, string | null][] = [
    ['You want', intent === null ? null : (INTENTS[intent] ?? formatTerm(intent))],
    ['About', subject === null ? null : formatTerm(subject)],
    ['Measure', measure === null ? null : formatTerm(measure)],
    ['Period', period === null ? 'Not stated' : formatPeriod(period)],
    ['Confidence', confidence === null ? null : describeConfidence(confidence)],
  ];
  return pairs.filter((pair): pair is [string, string] => pair[1] !== null);
}

/** Low is below the confidence from which SalesTalk answers. */
function describeConfidence(confidence: number): string {
  const degree = confidence >= 0.85 ? 'High' : confidence >= 0.7 ? 'Fair' : 'Low';
  return `${degree} (${Math.round(confidence * 100)}%)`;
}

function showSources(sources: HTMLElement, references: readonly DataReference[]): void {
  sources.hidden = references.length === 0;
  const list = requireElement(sources, 'ul', HTMLUListElement);
  list.replaceChildren(...references.map(createSourceItem));
}

function createSourceItem(reference: DataReference): HTMLLIElement {
  const { metric, period, value, unit, table, key } = reference;
  const name =
    period === null ? formatTerm(metric) : `${formatTerm(metric)}, ${formatPeriod(period)}`;
  const figure = value === null ? 'no figure' : formatFigure(value, unit);
  const item = element('li', '', element('span', 'source-figure', `${name}: ${figure}`));
  if (table !== null) {
    const place = element('span', 'source-place', element('code', '', table));
    if (key !== null) place.append(' ', element('code', '', key));
    item.append(' ', place);
  }
  return item;
}
