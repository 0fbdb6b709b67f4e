import { companyFigures } from './companyFigures.ts';
import { extraTenant } from './extraTenant.ts';
import { seedTenants } from './seedTenants.ts';
import { openTenantTables, type TenantTables } from './tenantTables.ts';

/** The tables of the seed tenants and of `extraTenantCount` more. */
export function loadTenants(extraTenantCount: number): TenantTables {
  const tables = openTenantTables();
  for (const [tenantId, company] of seedTenants)
    tables.addTenant(tenantId, companyFigures(company));
  for (let number = 1; number <= extraTenantCount; number += 1) {
    const { tenantId, company } = extraTenant(number);
    tables.addTenant(tenantId, companyFigures(company));
  }
  return tables;
}
