/** What a run shows on the terminal beyond the usual. */
export type TerminalSettings = { verbose: boolean; showsDurations: boolean };

/** `PERF_VERBOSE=1`, `PERF_DURATIONS=1`: Playwright takes no options of ours. Empty or 0 counts as unset. */
export function readTerminalSettings(env: NodeJS.ProcessEnv): TerminalSettings {
  const isSet = (name: string): boolean => !['', '0', undefined].includes(env[name]);
  return { verbose: isSet('PERF_VERBOSE'), showsDurations: isSet('PERF_DURATIONS') };
}
