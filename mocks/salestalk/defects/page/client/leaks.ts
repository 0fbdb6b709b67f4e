// Leaves something behind after each answer. The query of this module's URL names one of LEAKS, such as `objects=<bytes>`.

const TIMER_PERIOD_MS = 60_000;
const TIMER_BYTES = 10_240;
// Events that do not come while questions are asked: only the listeners themselves are planted.
const RARE_EVENTS = ['offline', 'online', 'languagechange', 'beforeprint', 'afterprint'];
// On a 64-bit machine Chromium compresses V8's pointers to four bytes. An object takes three of them and one a field; an array
// takes four, and its elements two and one each.
const POINTER_BYTES = 4;
const OBJECT_BYTES = POINTER_BYTES * (3 + 12);
const ARRAY_BYTES = POINTER_BYTES * (4 + 2);

/** The text of an answer, part by part. */
class HistoryEntry {
  readonly question: string | null;
  readonly parts: { name: string; text: string | null }[];

  constructor(article: HTMLElement) {
    this.question = article.ariaLabel;
    const parts = [...article.querySelectorAll('*')].map(({ localName, textContent }) => ({
      name: localName,
      text: textContent,
    }));
    // A copy: strings of the DOM lie outside of the JavaScript heap as long as the DOM has them.
    this.parts = JSON.parse(JSON.stringify(parts));
  }
}

const [[leak, value] = []] = new URL(import.meta.url).searchParams;
const leaked: (object[] | Node)[] = [];
const history = new Map<string | undefined, HistoryEntry>();

const LEAKS: Record<string, (article: HTMLElement) => void> = {
  objects: () => leaked.push(plainObjects(Number(value))),
  detached: (article) => leaked.push(article.cloneNode(true)),
  listeners() {
    // A new function each time, or the browser would ignore it as a duplicate.
    for (const type of RARE_EVENTS) addEventListener(type, () => undefined);
  },
  timers({ dataset: { requestId } }) {
    const held = plainObjects(TIMER_BYTES);
    setInterval(() => {
      performance.mark(`answer ${requestId} has ${held.length} figures`).toJSON();
      performance.clearMarks();
    }, TIMER_PERIOD_MS);
  },
  history: (article) => history.set(article.dataset.requestId, new HistoryEntry(article)),
};

onAnswerEnd(LEAKS[String(leak)] ?? (() => undefined));

/** Calls `leaveBehind` whenever an answer of the conversation ends, and again when its retry does. */
function onAnswerEnd(leaveBehind: (article: HTMLElement) => void): void {
  const ended = new WeakSet<HTMLElement>();
  new MutationObserver((changes) => {
    // One batch of changes may hold several of the same article.
    for (const article of new Set(changes.map(({ target }) => target))) {
      if (!(article instanceof HTMLElement)) continue;
      const { state } = article.dataset;
      if (state === 'loading' || state === 'streaming') ended.delete(article);
      else if (!ended.has(article)) {
        ended.add(article);
        leaveBehind(article);
      }
    }
  }).observe(document, { subtree: true, attributeFilter: ['data-state'] });
}

/** Plain objects in an array that take `sizeBytes` of the page's JavaScript heap, give or take half an object. */
function plainObjects(sizeBytes: number): object[] {
  const count = Math.round((sizeBytes - ARRAY_BYTES) / (OBJECT_BYTES + POINTER_BYTES));
  // Small integers, since any other number would be an object of its own.
  return Array.from({ length: count }, (_, a) => ({
    a,
    b: a + 1,
    c: a + 2,
    d: a + 3,
    e: a + 4,
    f: a + 5,
    g: a + 6,
    h: a + 7,
    i: a + 8,
    j: a + 9,
    k: a + 10,
    l: a + 11,
  }));
}
