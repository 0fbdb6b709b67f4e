import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mostSteps, nextRate, nextRateFor, type TriedRate } from './rateSearch.ts';

const SEARCH = { from: 20, to: 400, stepSeconds: 8 };

/** Searches a service that keeps every rate below its knee; `settles` says whether a step settled anything. */
function search(knee: number, settles: (step: number) => boolean = () => true): TriedRate[] {
  const tried: TriedRate[] = [];
  for (let rate = nextRate(SEARCH, tried); rate !== null; rate = nextRate(SEARCH, tried)) {
    tried.push({ ratePerSecond: rate, kept: settles(tried.length) ? rate < knee : null });
  }
  return tried;
}

test('the knee comes to lie within a tenth', () => {
  const knees = fc.double({ min: 20.5, max: 399, noNaN: true });
  const property = fc.property(knees, (knee) => {
    const tried = search(knee);
    const kept = Math.max(...tried.filter((one) => one.kept).map((one) => one.ratePerSecond));
    const not = Math.min(...tried.filter((one) => !one.kept).map((one) => one.ratePerSecond));
    assert.ok(kept < knee && knee <= not && not / kept <= 1.15, `${kept} … ${not} of ${knee}`);
  });
  fc.assert(property, { seed: 1 });
});

test('where every rate is kept it goes to the highest and ends, and where none is it ends at once', () => {
  assert.deepEqual(
    search(1000).map(({ ratePerSecond }) => ratePerSecond),
    [20, 30, 45, 68, 102, 153, 230, 345, 400],
  );
  assert.deepEqual(search(5), [{ ratePerSecond: 20, kept: false }]);
});

test('whatever settles nothing, it ends, tries no rate twice and none beyond the highest', () => {
  const property = fc.property(
    fc.double({ min: 1, max: 500, noNaN: true }),
    fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
    (knee, settled) => {
      const rates = search(knee, (step) => settled[step] === true).map((one) => one.ratePerSecond);
      assert.ok(rates.length <= 16 && Math.max(...rates) <= 400);
      assert.equal(new Set(rates).size, rates.length);
    },
  );
  fc.assert(property, { seed: 1 });
});

test('no search takes more, or more at a time, than the costliest', () => {
  const property = fc.property(fc.double({ min: 1, max: 500, noNaN: true }), (knee) => {
    const sumOf = (steps: { ratePerSecond: number }[]) =>
      steps.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0);
    assert.ok(sumOf(search(knee)) <= sumOf(mostSteps(SEARCH)));
  });
  fc.assert(property, { seed: 1 });
});

test('the rate that is wanted is tried at last where it lies in between, and nowhere else', () => {
  const tried: TriedRate[] = [
    { ratePerSecond: 20, kept: true },
    { ratePerSecond: 30, kept: true },
    { ratePerSecond: 45, kept: null },
    { ratePerSecond: 68, kept: false },
    { ratePerSecond: 37, kept: null },
    { ratePerSecond: 33, kept: null },
  ];
  assert.equal(nextRate(SEARCH, tried), null);
  assert.equal(nextRateFor(60, SEARCH, tried), 60);
  assert.equal(nextRateFor(60, SEARCH, [...tried, { ratePerSecond: 60, kept: null }]), null);
  assert.equal(nextRateFor(25, SEARCH, tried), null);
  assert.equal(nextRateFor(80, SEARCH, tried), null);
  assert.equal(nextRateFor(500, SEARCH, [{ ratePerSecond: 400, kept: true }]), null);
});
