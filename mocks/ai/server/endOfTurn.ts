import { setImmediate } from 'node:timers';

let end: Promise<void> | null = null;

/**
 * Resolves once this turn of the event loop has handed out all that had arrived; whoever waits for it in one turn goes on together.
 * Of a few dozen answers that leave one after another only the first has to wake a client that waits for any of them. Between them,
 * it falls asleep each time, and to wake it takes the system longer than the mock takes for all else.
 */
export function endOfTurn(): Promise<void> {
  end ??= new Promise((resolve) => {
    setImmediate(() => {
      end = null;
      resolve();
    });
  });
  return end;
}
