import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KnownFigures } from './checkOwnership.ts';
import { referenceOf } from './testing/exchanges.ts';

const [A, B, C] = ['acme-corp-001', 'techstart-inc-002', 'tenant-0001'] as const;

/** Shows tenants values of the same figure in turn; returns the objection to each. */
function show(...shown: [tenant: string, value: number, sk?: string][]): (string | null)[] {
  const figures = new KnownFigures();
  return shown.map(([tenant, value, sk = '2025-Q3']) =>
    // In its own table, so that only the figure differs.
    figures.check(tenant, [referenceOf(tenant, { value, sk })]),
  );
}

test('recognises a figure of another tenant once both have seen their own', () => {
  assert.deepEqual(show([A, 1], [B, 2], [A, 2], [A, 2], [A, 1], [B, 1]), [
    null,
    null,
    `revenue 2025-Q3 of ${B}`,
    `revenue 2025-Q3 of ${B}`,
    null,
    `revenue 2025-Q3 of ${A}`,
  ]);
});

test("recognises a foreign first figure when the tenant's own comes", () => {
  assert.deepEqual(show([B, 2], [A, 2], [A, 1], [A, 1], [B, 2]), [
    null,
    null,
    `revenue 2025-Q3 of ${B}, earlier`,
    null,
    null,
  ]);
  // Before its owner was shown it.
  assert.deepEqual(show([A, 2], [A, 1], [B, 2], [A, 1]), [
    null,
    null,
    null,
    `revenue 2025-Q3 of ${B}, earlier`,
  ]);
});

test('tenants may have the same figure, and figures may change', () => {
  assert.deepEqual(show([A, 1], [B, 1], [A, 1], [B, 1]), [null, null, null, null]);
  assert.deepEqual(show([A, 1], [B, 2], [A, 3], [B, 4]), [null, null, null, null]);
});

test('compares figures of the same metric and period', () => {
  assert.deepEqual(show([A, 1], [A, 2, '2025-Q4'], [B, 2], [A, 2, '2025-Q4']), [
    null,
    null,
    null,
    null,
  ]);
});

test('checks every figure of an answer', () => {
  const figures = new KnownFigures();
  const own = referenceOf(A, { value: 1, sk: '2025-Q4' });
  figures.check(A, [own, referenceOf(A, { value: 1 })]);
  figures.check(B, [referenceOf(B, { value: 2 })]);
  assert.equal(figures.check(A, [own, referenceOf(A, { value: 2 })]), `revenue 2025-Q3 of ${B}`);
  assert.equal(figures.check(A, []), null);
});

test('never suspects tenants who see only their own figures, in any order', () => {
  const ownFigures = { [A]: 1, [B]: 2, [C]: 2 } as const;
  const property = fc.property(fc.array(fc.constantFrom(A, B, C)), (tenants) => {
    const known = show(
      ...tenants.map((tenant) => [tenant, ownFigures[tenant]] as [string, number]),
    );
    assert.ok(known.every((one) => one === null));
  });
  fc.assert(property, { seed: 1 });
});
