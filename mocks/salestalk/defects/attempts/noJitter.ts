import type { Defect } from '../defect.ts';

/** A service whose callers all come back at the same moment. */
export const noJitter: Defect = {
  name: 'no-jitter',
  description: 'waits exactly 100, 200, 400, 800 ms between attempts',
  services: (services) => ({ ...services, jitter: () => 1 }),
};
