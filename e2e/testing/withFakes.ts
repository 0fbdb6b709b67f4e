import assert from 'node:assert/strict';
import path from 'node:path';
import type { Objective } from '../core/budget/objective.ts';
import type { Shard } from '../core/record/recordLine.ts';
import { runOf } from '../core/testing/recordOf.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { ApiClient } from '../salestalk/apiClient.ts';
import { RecordWriter } from '../setup/recordWriter.ts';
import { planWorkload, type Workload } from '../workloads/api/plan.ts';
import type { MeasuringContext } from '../workloads/measuringContext.ts';
import { deriveScope } from '../workloads/recordWorkload.ts';
import { CONTROL_TOKEN, type FakeAiMock, fakeAiMock } from './fakeAiMock.ts';
import {
  type FakeSalesTalk,
  type FakeSalesTalkOptions,
  fakeSalesTalk,
  tokenOf,
} from './fakeSalesTalk.ts';
import { runContextOf } from './runContextOf.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const RUN_ID = 'run-1';
const TENANTS = ['acme-corp-001', 'techstart-inc-002'];

/** A workload that ends after a moment. */
export const WORKLOAD: Workload = {
  name: 'test',
  fault: null,
  endsWhenClear: () => false,
  requests: { classify: 20, chat: 10 },
  warmUpEach: 2,
  ratePerSecond: 1000,
  model: [{ latency: { distribution: 'constant', ms: 5 } }],
};

/** Its scope in the runs of `withFakes`. */
export const SCOPE = deriveScope(RUN_ID, WORKLOAD.name);

/** Its requests, warm-ups included and no-ops left out. */
export const PLANNED = planWorkload(WORKLOAD, TENANTS)
  .map(({ item }) => item)
  .filter(({ operation }) => operation !== 'noop');

export type Fakes = {
  /** The context to measure against them. */
  context: MeasuringContext;
  salestalk: FakeSalesTalk;
  aiMock: FakeAiMock;
};

export type FakesOptions = FakeSalesTalkOptions & {
  objectives?: Objective[];
  /** False: the journal does not show the calls of the model. */
  seesCalls?: boolean;
  shard?: Shard;
};

/** Runs `use` with a fake SalesTalk and a fake AI mock, which both speak HTTP, and a record that is deleted afterwards. */
export async function withFakes<T>(
  options: FakesOptions,
  use: (fakes: Fakes) => Promise<T>,
): Promise<T> {
  const { objectives = [], seesCalls = true, shard, ...more } = options;
  using folder = temporaryFolder();
  await using aiMock = await fakeAiMock();
  await using salestalk = await fakeSalesTalk({ ...(seesCalls ? { aiMock } : {}), ...more });
  const api = new ApiClient({ url: salestalk.url, tokenOf });
  const recordFile = path.join(folder.path, 'measurements.ndjson');
  const header = { ...runOf(objectives), ...(shard === undefined ? {} : { shard }) };
  const run = runContextOf({ id: RUN_ID, recordFile, header });
  const control = new AiMockControl(aiMock.url, CONTROL_TOKEN);
  const context = {
    run,
    selected: objectives.map(({ id }) => id),
    record: new RecordWriter(run),
    aiMock: control,
    api,
    tokens: new Map(TENANTS.map((tenant) => [tenant, tokenOf(tenant)])),
    openBrowser: () => assert.fail('no browser is wanted'),
  };
  try {
    return await use({ context, salestalk, aiMock });
  } finally {
    await api.close();
  }
}

/** The number of items with each key. */
export function countBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): Record<string, number> {
  const groups = [...Map.groupBy(items, keyOf)];
  return Object.fromEntries(groups.map(([key, group]) => [key, group.length] as const).sort());
}
