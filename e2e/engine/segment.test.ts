import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ArrivalModel } from '../core/budget/arrivalModel.ts';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { arrivalTimes } from './arrivalTimes.ts';
import { countInSegment, takeSegment } from './segment.ts';

const RATE = fc.double({ min: 0.5, max: 200, noNaN: true });
const SECONDS = fc.double({ min: 0.1, max: 10, noNaN: true });
const ARRIVALS: fc.Arbitrary<ArrivalModel> = fc.oneof(
  fc.record({ model: fc.constant('constant'), rate: RATE }),
  fc.record({ model: fc.constant('poisson'), rate: RATE }),
  fc.record({ model: fc.constant('ramp'), from: RATE, to: RATE }),
  fc.record({ model: fc.constant('steps'), rates: fc.array(RATE, { minLength: 2, maxLength: 5 }) }),
  fc.record({
    model: fc.constant('spike'),
    rate: RATE,
    peak: RATE,
    afterSeconds: SECONDS,
    forSeconds: SECONDS,
  }),
  fc.record({ model: fc.constant('soak'), rate: RATE, rampSeconds: SECONDS }),
);
const OF = fc.integer({ min: 1, max: 20 });

const segmentsOf = (of: number) => Array.from({ length: of }, (_, at) => ({ index: at + 1, of }));

test('all segments of a schedule are the schedule, whatever its arrival model and its ceiling', () => {
  const property = fc.property(
    ARRIVALS,
    SECONDS,
    fc.integer(),
    OF,
    fc.nat({ max: 1000 }),
    (arrivals, seconds, seed, of, most) => {
      // Each machine generates the whole for itself.
      const schedule = () => arrivalTimes(arrivals, seconds, seededDraw(seed)).take(most);
      const whole = [...schedule()];
      const placed = segmentsOf(of).flatMap((segment) =>
        [...takeSegment(schedule(), segment)].map((dueMs, at) => ({
          place: at * of + segment.index - 1,
          dueMs,
        })),
      );
      assert.deepEqual(
        placed.toSorted((a, b) => a.place - b.place),
        whole.map((dueMs, place) => ({ place, dueMs })),
      );
    },
  );
  fc.assert(property, { seed: 1 });
});

test('users and requests of a closed model are split, never multiplied, and as evenly as can be', () => {
  const property = fc.property(fc.nat({ max: 5000 }), OF, (count, of) => {
    const counts = segmentsOf(of).map((segment) => countInSegment(count, segment));
    assert.equal(
      counts.reduce((sum, one) => sum + one, 0),
      count,
    );
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
  });
  fc.assert(property, { seed: 1 });
});
