new MutationObserver((changes) => {
  for (const change of changes) {
    if (isChunkShown(change)) void fetch('/chunk-shown', { method: 'POST' }).catch(() => undefined);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });

/** Whether a change of the page showed one more chunk of a narrative. */
function isChunkShown({ type, target, addedNodes }: MutationRecord): boolean {
  const element = target instanceof Element ? target : target.parentElement;
  if (!element?.closest('[data-part="narrative"]')) return false;
  return type === 'characterData' || addedNodes.length > 0;
}
