// Chromium forgives what moves within 500 ms of a click or a key, as an answer to it.
const forgivenMs = 600;
const shownMs = 400;
let lastInputAtMs = 0;

for (const type of ['keydown', 'pointerdown', 'pointerup', 'click']) {
  addEventListener(type, () => (lastInputAtMs = performance.now()), { capture: true });
}
// Or Chromium would scroll along, so that what the user reads stays where it is.
document.body.style.setProperty('overflow-anchor', 'none');

const withChart = new WeakSet<Element>();
new MutationObserver((changes) => {
  for (const { target } of changes) {
    if (!(target instanceof HTMLElement) || target.dataset.part !== 'chart') continue;
    const article = target.closest('article');
    if (target.hidden || article === null || withChart.has(article)) continue;
    withChart.add(article);
    shiftUnforgiven(article);
  }
}).observe(document, { subtree: true, attributeFilter: ['hidden'] });

/** At once, where the last click or key is long enough ago. */
function shiftUnforgiven(article: HTMLElement): void {
  const waitMs = lastInputAtMs + forgivenMs - performance.now();
  if (waitMs > 0) setTimeout(() => shiftUnforgiven(article), waitMs);
  else if (article.isConnected) shift(article);
}

/** A notice above the answer that comes and goes, and takes the answer along both times. */
function shift(article: HTMLElement): void {
  const notice = document.createElement('p');
  notice.textContent = 'Your figures are here.';
  notice.style.height = '100vh';
  article.before(notice);
  setTimeout(() => notice.remove(), shownMs);
}
