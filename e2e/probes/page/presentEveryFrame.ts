import type { Page } from '@playwright/test';

/**
 * Has Chromium present every frame of a page that has no window, as on a screen, from now on. An interaction lasts until its frame is presented,
 * and without a window Chromium 156 presents some frames only when something larger is drawn: on one page the frames after 37 keys were told
 * with the click that followed, an INP of 1.9 s where each took 40 ms.
 *
 * What brings it about is a screencast, of a few pixels and so seldom that no picture is sent. Each frame is copied for it, so that it comes
 * after the load, whose paints are told without it: answers came some 10 ms later with it on two busy cores (8 pairs, 283 and 293 ms).
 */
export async function presentEveryFrame(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.startScreencast', {
    format: 'jpeg',
    quality: 0,
    maxWidth: 8,
    maxHeight: 8,
    everyNthFrame: 1_000_000,
  });
}
