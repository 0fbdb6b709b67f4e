import { runOf } from '../core/testing/recordOf.ts';
import type { RunContext } from '../setup/runContext.ts';

/** The context that the set-up of a run hands over. `parts` replace its values. */
export function runContextOf(parts: Partial<RunContext> = {}): RunContext {
  return {
    id: 'run-1',
    reportDir: 'perf-report',
    recordFile: 'perf-report/measurements.ndjson',
    target: {
      name: 'staging',
      apiUrl: 'https://shop.example',
      uiUrl: null,
      http: '1.1',
      supports: { api: true, ui: false, streaming: true, mockedAi: true, serverMetrics: false },
      aiMockControlUrl: 'http://127.0.0.1:9999',
      embedded: null,
      tenants: ['acme-corp-001', 'techstart-inc-002'],
      ceilings: {
        requestsPerSecond: 10,
        requestsPerRun: 1000,
        durationSeconds: 60,
        paidModelCalls: 0,
        load: false,
        faults: false,
      },
      loads: {},
    },
    header: runOf([]),
    ...parts,
  };
}
