import { Hono } from 'hono';
import { type ApiEnv, answerFailure, openRequest } from '../api/http/request.ts';
import type { Services } from '../api/services.ts';
import { plantDefects } from '../defects/plantDefects.ts';
import type { ManualClock } from './manualClock.ts';

/** A service that does nothing, under defects and on a manual clock: every `GET` is answered by how many ms it was delayed. */
export function createIdleService(defects: readonly string[], clock: ManualClock): Hono<ApiEnv> {
  const environment = { clock, seed: 7, aiUrl: '', tenantIds: [] };
  const { around } = plantDefects(defects, {} as Services, environment);
  const app = new Hono<ApiEnv>();
  app.use(openRequest(clock), ...around);
  app.onError(answerFailure);
  return app.get('*', (c) => c.json(clock.monotonicMs() - c.var.arrivedAtMs));
}
