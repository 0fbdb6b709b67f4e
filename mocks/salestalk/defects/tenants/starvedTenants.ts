import type { Defect } from '../defect.ts';
import { passThrough } from './passThrough.ts';
import { tenantLock } from './tenantLock.ts';

const longestWaitMs = 3_000;

/** A service in which a tenant that never pauses has it to itself. The wait is bounded: requests come late, none is lost. */
export const starvedTenants: Defect = {
  name: 'starved-tenants',
  description: 'while a tenant has requests under way, those of all others wait, up to 3 s',
  inside: ({ clock }) => passThrough(tenantLock(clock, longestWaitMs)),
};
