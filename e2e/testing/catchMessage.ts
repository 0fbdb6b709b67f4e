import assert from 'node:assert/strict';
import { HarnessError } from '../core/harnessError.ts';

/** The message of the HarnessError that an action ends in; null if it succeeds. Any other error fails the test. */
export async function catchMessage(act: () => Promise<unknown>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    assert.ok(error instanceof HarnessError, String(error));
    return error.message;
  }
}

/** The message of the HarnessError that an action throws; `accepted` if it throws nothing. Any other error fails the test. */
export function refusalMessage(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof HarnessError, String(error));
    return error.message;
  }
}
