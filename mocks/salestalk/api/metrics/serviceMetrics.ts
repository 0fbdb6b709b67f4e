import { Counter, Gauge, Registry } from '@prometheus-io/client';
import { processMetrics } from './processMetrics.ts';

export type ServiceMetrics = {
  contentType: string;
  requestStarted(): void;
  requestEnded(request: { route: string; status: number }): void;
  /** OpenMetrics text. */
  text(): Promise<string>;
  close(): void;
};

/** What `/metrics` tells of this service. `beforeReading` runs before anything is read for it. */
export function serviceMetrics(beforeReading: () => void = () => undefined): ServiceMetrics {
  const registry = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
  const registers = [registry];
  const process = processMetrics(registers);
  const inFlight = new Gauge({
    name: 'salestalk_requests_in_flight',
    help: 'Requests that have arrived and whose answers have not ended, those for metrics left out',
    registers,
  });
  const requests = new Counter({
    name: 'salestalk_requests',
    help: 'Requests whose answers have ended, by route and status; 499 where the caller left before the end',
    labelNames: ['route', 'status'] as const,
    registers,
  });

  return {
    contentType: registry.contentType,
    requestStarted: () => inFlight.inc(),
    requestEnded({ route, status }) {
      inFlight.dec();
      requests.inc({ route, status: String(status) });
    },
    text() {
      beforeReading();
      return registry.metrics();
    },
    close: () => process.close(),
  };
}
