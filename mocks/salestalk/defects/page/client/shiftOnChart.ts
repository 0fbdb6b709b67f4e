// Chromium excuses shifts within 500 ms of a click or a key.
const EXCUSED_MS = 600;
const SHOWN_MS = 400;
let lastInputAtMs = 0;

for (const type of ['keydown', 'pointerdown', 'pointerup', 'click']) {
  addEventListener(type, () => (lastInputAtMs = performance.now()), { capture: true });
}
// Otherwise Chromium scrolls along and the text stays in place.
document.body.style.setProperty('overflow-anchor', 'none');

const withChart = new WeakSet<Element>();
new MutationObserver((changes) => {
  for (const { target } of changes) {
    if (!(target instanceof HTMLElement) || target.dataset.part !== 'chart') continue;
    const article = target.closest('article');
    if (target.hidden || article === null || withChart.has(article)) continue;
    withChart.add(article);
    shiftUnexcused(article);
  }
}).observe(document, { subtree: true, attributeFilter: ['hidden'] });

/** Shifts as soon as the last click or key no longer excuses it. */
function shiftUnexcused(article: HTMLElement): void {
  const waitMs = lastInputAtMs + EXCUSED_MS - performance.now();
  if (waitMs > 0) setTimeout(() => shiftUnexcused(article), waitMs);
  else if (article.isConnected) shift(article);
}

/** Shows a notice above the answer, and moves the answer both when it comes and when it goes. */
function shift(article: HTMLElement): void {
  const notice = document.createElement('p');
  notice.textContent = 'Your figures are here.';
  notice.style.height = '100vh';
  article.before(notice);
  setTimeout(() => notice.remove(), SHOWN_MS);
}
