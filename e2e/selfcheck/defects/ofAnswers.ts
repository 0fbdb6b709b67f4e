import type { PlantedDefect } from '../plantedDefect.ts';

export const OF_ANSWERS: PlantedDefect[] = [
  {
    name: 'cross-tenant',
    what: "one answer in 500 holds another tenant's figures",
    turnsRed: ['tenants.isolation'],
    by: 'tenants',
  },
  {
    name: 'shared-session',
    what: 'a session belongs to whoever knows its id',
    turnsRed: ['tenants.isolation'],
    by: 'tenants',
    another: true,
  },
  {
    name: 'starved-tenants',
    what: 'a busy tenant makes all others wait',
    turnsRed: ['quietTenants.fairness.p95'],
    by: 'tenants',
  },
  {
    name: 'malformed-passed-on',
    what: 'passes on what the model got wrong',
    turnsRed: ['degradedModel.soundness', 'failures.contract'],
    by: 'misbehavingModel',
  },
  {
    name: 'leaky-error',
    what: "tells callers the model's address and their token",
    turnsRed: ['failures.secrecy'],
    by: 'misbehavingModel',
    situations: ['rejectingModel', 'failures'],
  },
  {
    name: 'bare-error',
    what: 'reports failures of the model as 500, in plain text',
    turnsRed: ['failures.contract', 'degradedModel.soundness'],
    by: 'misbehavingModel',
  },
];
