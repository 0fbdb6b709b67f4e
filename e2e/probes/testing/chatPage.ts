import type { FakeServer } from './fakeServer.ts';
import { testPage } from './testPage.ts';

/** How the page answers, and the faults planted in its answers. */
export type PlantedAnswer = {
  chunks?: number;
  /** Between the question and the first chunk, and from each chunk to the next, which waits for a frame as well. */
  gapMs?: number;
  /** All text in one piece at the end. */
  batched?: boolean;
  /** The text is hidden until the end. */
  hidden?: boolean;
  /** Blocks the main thread for this long once the question is asked. */
  busyOnSubmitMs?: number;
  /** A new answer element replaces the previous one for each chunk. */
  rerendered?: boolean;
  ending?: 'complete' | 'failed' | 'none';
};

/**
 * A page that answers by itself when asked, in pieces. `#ask` is its button, `#question` its field; an answer is an
 * `article` with a `data-state` and its text in `.text`. Every piece is a block that Element Timing reports, and the
 * page is isolated so that the times are not blurred. It keeps the `timeStamp` of the input that asked in `body[data-asked]`.
 */
export function chatPage(): Promise<FakeServer> {
  return testPage({
    '/': (_, response) => {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      });
      response.end(HTML);
    },
  });
}

/** For `watchAnswer`. */
export const CHAT_SELECTORS = {
  answer: 'article',
  text: '.text',
  complete: '[data-state=complete]',
  failed: '[data-state=failed]',
};

const HTML = `<!doctype html>
<link rel="icon" href="data:,">
<form><input id="question" autofocus><button id="ask">Ask</button></form>
<main></main>
<script>
const planted = JSON.parse(decodeURIComponent(location.hash.slice(1) || '{}'));
const { chunks = 5, gapMs = 40, batched, hidden, busyOnSubmitMs = 0, rerendered, ending = 'complete' } = planted;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
function addTo(article, index) {
  const piece = document.createElement('div');
  piece.setAttribute('elementtiming', 'chunk-' + index);
  piece.textContent = 'Chunk ' + index + ' of the answer.';
  article.querySelector('.text').append(piece);
}
async function answer(event) {
  event.preventDefault();
  const until = performance.now() + busyOnSubmitMs;
  while (performance.now() < until);
  let article = document.createElement('article');
  article.dataset.state = 'loading';
  article.innerHTML = '<p>Thinking about it.</p><div class="text"></div>';
  article.querySelector('.text').hidden = hidden === true;
  document.querySelector('main').append(article);
  for (let index = 0; index < chunks; index++) {
    await wait(gapMs);
    // The piece before has its own frame, however busy the machine.
    if (index > 0) await painted();
    if (rerendered) {
      const next = article.cloneNode(true);
      article.replaceWith(next);
      article = next;
    }
    article.dataset.state = 'streaming';
    if (!batched) addTo(article, index);
  }
  if (batched) for (let index = 0; index < chunks; index++) addTo(article, index);
  if (ending === 'none') return;
  article.querySelector('.text').hidden = false;
  article.dataset.state = ending;
}
for (const type of ['keydown', 'pointerup']) {
  addEventListener(type, (event) => { document.body.dataset.asked = event.timeStamp; });
}
document.querySelector('form').addEventListener('submit', answer);
</script>`;
