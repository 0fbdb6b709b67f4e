import type { Page } from '@playwright/test';

/** A device and a network that a page is slowed down to. */
export type Throttling = {
  /** How many times slower than this machine the main thread runs. */
  cpuSlowdown: number;
  network: {
    /** Added to every request, from its sending to the head of its answer. */
    latencyMs: number;
    downloadBytesPerSecond: number;
    uploadBytesPerSecond: number;
  };
  viewport: { widthPx: number; heightPx: number; deviceScaleFactor: number };
};

/**
 * A mid-range phone on a slow 4G network: CPU 4 times slower, 150 ms round trip, 1.6 Mbit/s down, 0.75 Mbit/s up, and the
 * screen of a Moto G Power. The numbers are Lighthouse's for mobile (`throttling.mobileSlow4G` and
 * `screenEmulationMetrics.mobile` of lighthouse 13).
 *
 * Where Lighthouse throttles as is done here, by requests and not by packets, it passes 3.75 times the latency and 90 % of the rates
 * (`DEVTOOLS_RTT_ADJUSTMENT_FACTOR`), which stands for the round trips of opening a connection: Chromium does not slow those down. It would
 * add 412 ms to every question on a connection that stands, so the plain numbers are used: questions are right, and the
 * first request to a server is too fast by the round trips of DNS, TCP and TLS.
 */
export const MID_RANGE_PHONE: Throttling = {
  cpuSlowdown: 4,
  network: {
    latencyMs: 150,
    downloadBytesPerSecond: 1_600_000 / 8,
    uploadBytesPerSecond: 750_000 / 8,
  },
  viewport: { widthPx: 412, heightPx: 823, deviceScaleFactor: 1.75 },
};

/** What takes a page back to what it was. */
export type Throttled = { release: () => Promise<void> };

/**
 * Slows a page down by CDP until `release`: its main thread, its network, and the screen of a phone that is touched. To count for a
 * load, it has to come before the navigation. The user agent stays, and so do the caches.
 *
 * Chromium delays an answer after its network stack had it: the phases of `requestPhases` show the added latency in `downloadMs`, not in `waitMs`.
 * The slowdown is of this machine's speed, so that results of two machines differ: Lighthouse's benchmark index tells them apart.
 */
export async function throttle(
  page: Page,
  { cpuSlowdown, network, viewport }: Throttling = MID_RANGE_PHONE,
): Promise<Throttled> {
  const session = await page.context().newCDPSession(page);
  const sizeBefore = page.viewportSize();
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditionsByRule', {
    matchedNetworkConditions: [
      {
        urlPattern: '',
        latency: network.latencyMs,
        downloadThroughput: network.downloadBytesPerSecond,
        uploadThroughput: network.uploadBytesPerSecond,
      },
    ],
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: viewport.widthPx,
    height: viewport.heightPx,
    deviceScaleFactor: viewport.deviceScaleFactor,
    mobile: true,
  });
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 5 });
  return {
    release: async () => {
      await session.send('Network.emulateNetworkConditionsByRule', {
        matchedNetworkConditions: [],
      });
      await session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
      await session.send('Emulation.setTouchEmulationEnabled', { enabled: false });
      await session.send('Emulation.clearDeviceMetricsOverride');
      await session.detach();
      if (sizeBefore === null) return;
      // Playwright's own size of the page went with the override, and it does not set again what it believes to be set.
      await page.setViewportSize({ ...sizeBefore, height: sizeBefore.height + 1 });
      await page.setViewportSize(sizeBefore);
    },
  };
}
