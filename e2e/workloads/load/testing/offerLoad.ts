/** A program for tests to start: offers a load of a run whose context is its argument, against the fakes of the test. */
import { AiMockControl } from '../../../probes/aiMock.ts';
import { ApiClient } from '../../../salestalk/apiClient.ts';
import { RecordWriter } from '../../../setup/recordWriter.ts';
import type { RunContext } from '../../../setup/runContext.ts';
import { CONTROL_TOKEN } from '../../../testing/fakeAiMock.ts';
import { tokenOf } from '../../../testing/fakeSalesTalk.ts';
import { measureLoad } from '../measureLoad.ts';

const run: RunContext = JSON.parse(process.argv[2] ?? '');
const { apiUrl, aiMockControlUrl, loads } = run.target;
const api = new ApiClient({ url: apiUrl ?? '', tokenOf });
const context = {
  run,
  selected: run.header.objectives.map(({ id }) => id),
  record: new RecordWriter(run),
  aiMock: new AiMockControl(aiMockControlUrl ?? '', CONTROL_TOKEN),
  api,
  tokens: new Map(run.target.tenants.map((tenant) => [tenant, tokenOf(tenant)])),
  openBrowser: () => Promise.reject(new Error('no browser is wanted')),
};
for (const name of Object.keys(loads)) await measureLoad(name, context);
await api.close();
