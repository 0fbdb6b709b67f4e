import type { CDPSession } from '@playwright/test';

/** A page in the background draws no frames: a second must do. */
const AFTER_TWO_FRAMES = `new Promise((done) => {
  const late = setTimeout(done, 1000);
  requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(late); done(); }));
})`;

/** Waits until a page has drawn what it holds: what has left the page is still held by the layout of the frame that showed it. */
export async function afterTwoFrames(session: CDPSession): Promise<void> {
  await session.send('Runtime.evaluate', { expression: AFTER_TWO_FRAMES, awaitPromise: true });
}
