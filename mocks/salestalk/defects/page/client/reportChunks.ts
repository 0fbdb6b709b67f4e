import { isChunkShown } from './isChunkShown.ts';

new MutationObserver((changes) => {
  for (const change of changes) {
    if (isChunkShown(change)) void fetch('/chunk-shown', { method: 'POST' }).catch(() => undefined);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
