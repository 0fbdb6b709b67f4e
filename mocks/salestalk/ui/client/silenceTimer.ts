/**
 * Calls `onSilence` once `limitMs` have passed since the start or the last `restart`. `stop` must be called in the end.
 */
export function silenceTimer(
  limitMs: number,
  onSilence: () => void,
): { restart(): void; stop(): void } {
  let timer = setTimeout(onSilence, limitMs);
  return {
    restart() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, limitMs);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
