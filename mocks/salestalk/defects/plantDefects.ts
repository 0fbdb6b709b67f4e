import type { Server } from 'node:http';
import type { ApiOptions } from '../api/createApi.ts';
import { seededShares } from '../api/seededShares.ts';
import type { Services } from '../api/services.ts';
import type { UiSeams } from '../ui/routes.ts';
import type { DefectTools } from './defect.ts';
import { findDefects } from './findDefects.ts';

export type Planted = {
  services: Services;
  page: UiSeams;
  beforeListening(server: Server): Promise<void>;
} & Pick<ApiOptions, 'around' | 'inside'>;

/**
 * The services, middleware and page with which SalesTalk has these defects; without names, all of them as they are.
 * Each defect draws from the seed on its own. @throws StartupError if a name is unknown
 */
export function plantDefects(
  names: readonly string[],
  clean: Services,
  world: Omit<DefectTools, 'share'> & { seed: number },
): Planted {
  const { seed, ...rest } = world;
  const planted = findDefects(names).map((defect) => ({
    defect,
    tools: { ...rest, share: seededShares(seed) },
  }));
  const pages = planted.flatMap(({ defect, tools }) => defect.page?.(tools) ?? []);
  return {
    services: planted.reduce(
      (services, { defect, tools }) => defect.services?.(services, tools) ?? services,
      clean,
    ),
    around: planted.flatMap(({ defect, tools }) => defect.around?.(tools) ?? []),
    inside: planted.flatMap(({ defect, tools }) => defect.inside?.(tools) ?? []),
    page: {
      changeFiles: (files) =>
        pages.reduce((changed, page) => page.changeFiles?.(changed) ?? changed, files),
      changeHtml: (template) =>
        pages.reduce((changed, page) => page.changeHtml?.(changed) ?? changed, template),
      around: pages.flatMap((page) => page.around ?? []),
    },
    async beforeListening(server) {
      for (const { defect, tools } of planted) await defect.beforeListening?.(server, tools);
    },
  };
}
