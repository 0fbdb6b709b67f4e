/** Tells of every answer of the conversation that ends, whatever its end is; of one that is tried again, once for each end. */
export function onAnswerEnd(tell: (article: HTMLElement) => void): void {
  const ended = new WeakSet<HTMLElement>();
  new MutationObserver((changes) => {
    // One batch of changes may hold several of the same article.
    for (const article of new Set(changes.map(({ target }) => target))) {
      if (!(article instanceof HTMLElement)) continue;
      const { state } = article.dataset;
      if (state === 'loading' || state === 'streaming') ended.delete(article);
      else if (!ended.has(article)) {
        ended.add(article);
        tell(article);
      }
    }
  }).observe(document, { subtree: true, attributeFilter: ['data-state'] });
}
