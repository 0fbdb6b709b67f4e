import { onAnswerEnd } from './onAnswerEnd.ts';

/** What an answer said, part by part. */
class HistoryEntry {
  readonly question: string | null;
  readonly parts: { name: string; text: string | null }[];

  constructor(article: HTMLElement) {
    this.question = article.ariaLabel;
    const parts = [...article.querySelectorAll('*')].map(({ localName, textContent }) => ({
      name: localName,
      text: textContent,
    }));
    // A copy: what the DOM hands out lies outside of the JavaScript heap, for as long as the DOM has it.
    this.parts = JSON.parse(JSON.stringify(parts));
  }
}

const history = new Map<string | undefined, HistoryEntry>();

onAnswerEnd((article) => history.set(article.dataset.requestId, new HistoryEntry(article)));
