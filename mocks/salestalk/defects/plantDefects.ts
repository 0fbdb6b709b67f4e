import type { ApiOptions } from '../api/createApi.ts';
import { seededShares } from '../api/seededShares.ts';
import type { Services } from '../api/services.ts';
import type { DefectTools } from './defect.ts';
import { findDefects } from './findDefects.ts';

export type Planted = { services: Services } & Pick<ApiOptions, 'around' | 'inside'>;

/**
 * The services and middleware with which SalesTalk has these defects; without names, the services as they are and no
 * middleware. Each defect draws from the seed on its own. @throws StartupError if a name is unknown
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
  return {
    services: planted.reduce(
      (services, { defect, tools }) => defect.services?.(services, tools) ?? services,
      clean,
    ),
    around: planted.flatMap(({ defect, tools }) => defect.around?.(tools) ?? []),
    inside: planted.flatMap(({ defect, tools }) => defect.inside?.(tools) ?? []),
  };
}
