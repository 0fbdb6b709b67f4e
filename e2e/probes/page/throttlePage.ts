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
 * A mid-range phone on a slow 4G network, with Lighthouse's numbers for mobile (`throttling.mobileSlow4G` and
 * `screenEmulationMetrics.mobile` of lighthouse 13), but without its factor of 3.75 on the latency (`DEVTOOLS_RTT_ADJUSTMENT_FACTOR`). That
 * stands for opening a connection, and would add 412 ms to every question on an open one.
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
 * Chromium delays an answer after its network stack, so `recordRequests` shows the added latency in `downloadMs`, not in `waitMs`.
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
