import { showChart } from './chartView.ts';
import { showClassification } from './classificationView.ts';
import { element } from './element.ts';
import { failureWords } from './failureWords.ts';
import { hasEnded } from './hasEnded.ts';
import { requireElement, requirePart } from './requireElement.ts';
import { showSources } from './sourcesView.ts';
import type { Answer } from './types.ts';

const stepWords: Record<Answer['step'], string> = {
  classifying: 'Reading your question',
  fetching: 'Looking up the figures',
  writing: 'Writing the answer',
};

/** A new article for a question, from the page's template. */
export function createArticle(question: string): HTMLElement {
  const template = requireElement(document, '#answer-template', HTMLTemplateElement);
  const fragment = document.importNode(template.content, true);
  const article = requireElement(fragment, 'article', HTMLElement);
  article.ariaLabel = `Answer to: ${question}`;
  requirePart(article, 'question').textContent = question;
  return article;
}

/** Takes a former answer off an article, so that the question can be tried again. */
export function clearArticle(article: HTMLElement): void {
  for (const part of ['classification', 'chart', 'sources'])
    requirePart(article, part).hidden = true;
  requirePart(article, 'narrative').textContent = '';
}

/**
 * Brings an article from one state of its answer to the next, touching only what changed. Everything is added below what
 * stands there already, so that nothing the user is reading moves: the sources wait until the narrative has its full length.
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

/** Appends what is new: a stream of n chunks costs n small changes, not n renderings of the whole text. */
function showNarrative(narrative: HTMLElement, before: string, after: string): void {
  const text = narrative.firstChild;
  if (text instanceof Text && after.startsWith(before)) text.appendData(after.slice(before.length));
  else narrative.textContent = after;
}

/**
 * Says what is being done, below what is known so far. While that grows the line is set anew rather than pushed down, and
 * the style sheet's note that it takes longer than usual counts from the last news.
 */
function showProgress(shown: HTMLElement, answer: Answer): void {
  if (answer.state !== 'loading') {
    shown.textContent = '';
    return;
  }
  const progress = element('p', 'progress', stepWords[answer.step]);
  progress.dataset.part = 'progress';
  shown.replaceWith(progress);
}

function showFailure(article: HTMLElement, answer: Answer): void {
  const part = requirePart(article, 'failure');
  const { failure } = answer;
  part.hidden = failure === null;
  if (failure === null) return;
  part.dataset.kind = failure.kind;
  const lines = [element('p', '', failureWords(failure))];
  // What support can look up; of a question that never reached the service there is nothing to look up.
  if (failure.kind !== 'offline' && failure.kind !== 'stopped') {
    lines.push(element('p', 'help', `Reference ${article.dataset.requestId}`));
  }
  requireElement(part, '[role="alert"]', HTMLElement).replaceChildren(...lines);
}
