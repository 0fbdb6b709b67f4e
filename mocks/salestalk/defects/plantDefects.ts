import type { Server } from 'node:http';
import { StartError } from '../../serverProcess.ts';
import { type Services, seededDraw } from '../api/services.ts';
import type { AssetFiles } from '../ui/routes.ts';
import type { Defect, DefectTools } from './defect.ts';
import { FAILURE_DEFECTS } from './failures.ts';
import { LATENCY_DEFECTS } from './latency.ts';
import { MEMORY_DEFECTS, PAGE_DEFECTS } from './page/page.ts';
import { PROCESS_DEFECTS } from './process.ts';
import { RETRY_DEFECTS } from './retries.ts';
import { STREAMING_DEFECTS } from './streaming.ts';
import { TENANT_DEFECTS } from './tenants.ts';
import { TIMEOUT_DEFECTS } from './timeouts.ts';

/** All defects. A new one is an entry in the list of its topic. */
export const DEFECTS: readonly Defect[] = [
  ...LATENCY_DEFECTS,
  ...FAILURE_DEFECTS,
  ...TIMEOUT_DEFECTS,
  ...RETRY_DEFECTS,
  ...STREAMING_DEFECTS,
  ...TENANT_DEFECTS,
  ...MEMORY_DEFECTS,
  ...PAGE_DEFECTS,
  ...PROCESS_DEFECTS,
];

/** The defects of these names. @throws StartError `DEFECT_UNKNOWN` that lists the known names */
export function findDefects(names: readonly string[]): Defect[] {
  return names.map((name) => {
    const found = DEFECTS.find((defect) => defect.name === name);
    if (found !== undefined) return found;
    const known = DEFECTS.map((defect) => defect.name).join(', ');
    throw new StartError('DEFECT_UNKNOWN', `there is no defect "${name}". Known ones: ${known}.`);
  });
}

/**
 * The services, middleware and page of a SalesTalk with these defects; without names, those of the clean one. Each defect has
 * a seeded draw of its own. @throws StartError if a name is unknown
 */
export function plantDefects(
  names: readonly string[],
  clean: Services,
  environment: Omit<DefectTools, 'draw'> & { seed: number },
) {
  const planted = findDefects(names).map((defect) => ({
    defect,
    tools: { ...environment, draw: seededDraw(environment.seed) },
  }));
  const pages = planted.flatMap(({ defect, tools }) => defect.page?.(tools) ?? []);
  return {
    services: planted.reduce<Services>(
      (services, { defect, tools }) => defect.services?.(services, tools) ?? services,
      clean,
    ),
    around: planted.flatMap(({ defect, tools }) => defect.around?.(tools) ?? []),
    inside: planted.flatMap(({ defect, tools }) => defect.inside?.(tools) ?? []),
    page: {
      changeFiles: (files: AssetFiles) =>
        pages.reduce((changed, page) => page.changeFiles?.(changed) ?? changed, files),
      changeHtml: (template: string) =>
        pages.reduce((changed, page) => page.changeHtml?.(changed) ?? changed, template),
      around: pages.flatMap((page) => page.around ?? []),
    },
    async beforeListening(server: Server): Promise<void> {
      for (const { defect, tools } of planted) await defect.beforeListening?.(server, tools);
    },
  };
}
