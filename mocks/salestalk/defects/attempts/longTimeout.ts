import type { Defect } from '../defect.ts';
import { changeRules } from './changeRules.ts';

const longTimeoutMs = 60_000;

/** A time-out that comes after the gateway has given up: as good as none. */
export const longTimeout: Defect = {
  name: 'long-timeout',
  description: 'gives each attempt 60 s, whatever is left of the total',
  services: changeRules(({ limitMs }) => ({
    limitMs: (leftMs) => (limitMs(leftMs) === null ? null : longTimeoutMs),
  })),
};
