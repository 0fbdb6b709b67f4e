new MutationObserver((changes) => {
  for (const change of changes) {
    if (isChunkShown(change)) void fetch('/chunk-shown', { method: 'POST' }).catch(() => undefined);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });

/** Whether a change of the page showed one more piece of a narrative. */
function isChunkShown({ type, target, addedNodes }: MutationRecord): boolean {
  const element = target instanceof Element ? target : target.parentElement;
  const isNarrative = element?.closest('[data-part="narrative"]') !== null && element !== null;
  return isNarrative && (type === 'characterData' || addedNodes.length > 0);
}
