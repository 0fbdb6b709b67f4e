import type { Defect } from '../defect.ts';
import { gate } from '../gate.ts';
import { areAll } from '../tenants/areAll.ts';
import { passThrough } from '../tenants/passThrough.ts';

/**
 * A service with one lock for all tenants: right and quick for any of them alone, and for all of them together no faster
 * than one request after the other. Unlike `starved-tenants` it is fair: who came first goes first.
 */
export const tenantTurns: Defect = {
  name: 'tenant-turns',
  description: 'requests of different tenants never run at the same time: first come, first served',
  inside: () =>
    passThrough(
      gate(
        (tenantId, inside, waiting) =>
          inside.size === 0 || (areAll(tenantId, inside) && areAll(tenantId, waiting)),
      ),
    ),
};
