import { rewriteAnswers } from '../answers/rewriteAnswers.ts';
import type { Defect } from '../defect.ts';
import { anotherTenant } from './anotherTenant.ts';

const foreignShare = 1 / 500;

/** A service that mixes its tenants up, seldom enough to pass every quick look. */
export const crossTenant: Defect = {
  name: 'cross-tenant',
  description:
    "1 answer in 500, drawn by the seed, is another tenant's: figures and tables of a chat, tenantId of a classification",
  services: (services, { share, tenantIds }) => ({
    ...services,
    tables: {
      ...services.tables,
      rowsOf: (tenantId, metric) =>
        services.tables.rowsOf(
          share() < foreignShare ? anotherTenant(tenantId, tenantIds) : tenantId,
          metric,
        ),
    },
  }),
  around: ({ share, tenantIds }) =>
    rewriteAnswers((answer) =>
      typeof answer.tenantId === 'string' && share() < foreignShare
        ? { ...answer, tenantId: anotherTenant(answer.tenantId, tenantIds) }
        : answer,
    ),
};
