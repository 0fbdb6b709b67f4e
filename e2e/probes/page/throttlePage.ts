import type { Page } from '@playwright/test';

export type Throttling = {
  /** How many times slower than this machine the main thread runs. */
  cpuSlowdown: number;
  network: {
    /** Added to every request, between sending and the head of its answer. */
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
 * Throttling requests as here, Lighthouse uses 3.75 times the latency and 90 % of the rates (`DEVTOOLS_RTT_ADJUSTMENT_FACTOR`), in
 * place of the round trips of opening a connection, which Chromium does not slow down. That would add 412 ms to every question on an
 * open connection. With the plain numbers questions are right, and the first request lacks the round trips of DNS, TCP and TLS.
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

/**
 * Slows a page down by CDP, for as long as it is open: main thread, network and the touch screen of a phone. Call it before the navigation.
 * The user agent and the caches stay.
 *
 * Chromium delays an answer after its network stack, so `recordRequests` shows the added latency in `downloadMs`, not in `waitMs`.
 * The slowdown is relative to this machine.
 */
export async function throttlePage(
  page: Page,
  { cpuSlowdown, network, viewport }: Throttling,
): Promise<void> {
  const session = await page.context().newCDPSession(page);
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
}
