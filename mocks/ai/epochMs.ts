/**
 * Milliseconds since the epoch, with fractions. Unlike Date.now() it never steps when the system's clock is set,
 * so that the difference of two readings is a duration.
 */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
