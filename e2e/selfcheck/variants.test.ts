import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SITUATIONS } from '../workloads/api/situations.ts';
import { PLANTED_DEFECTS } from './plantedDefects.ts';
import { CLEAN_UNDER_FAULTS, findVariant, findVariantsBeside, VARIANTS } from './variants.ts';

const underFaults = PLANTED_DEFECTS.filter(({ suite }) => suite === 'misbehavingModel');

test('A brief run measures a defect in at least one situation, and judges every objective that it turns red', () => {
  assert.ok(underFaults.length > 10);
  for (const { name, turnsRed } of underFaults) {
    const { situations } = findVariant(name, { brief: true });
    assert.ok(
      situations?.some((one) => Object.hasOwn(SITUATIONS, one)),
      name,
    );
    // The part before the first dot: no operation of these has a dot in its name.
    for (const id of turnsRed) assert.ok(situations?.includes(id.split('.')[0] ?? ''), id);
  }
});

test('A full run measures all situations, and so does a brief run of the clean twin', () => {
  for (const { name } of underFaults) {
    assert.equal(findVariant(name, { brief: false }).situations, null);
  }
  assert.equal(findVariant(CLEAN_UNDER_FAULTS, { brief: true }).situations, null);
});

test('Only variants of the same run are measured side by side, and none that is judged by time', () => {
  for (const brief of [true, false]) {
    for (const { name, suites, ...mine } of VARIANTS.values()) {
      const beside = findVariantsBeside(name, { brief }).map((one) => findVariant(one, { brief }));
      assert.ok(beside.some((one) => one.name === name));
      assert.ok(
        beside.every((one) => one.brief === mine.brief && one.includesPage === mine.includesPage),
      );
      for (const one of beside) assert.ok(findVariantsBeside(one.name, { brief }).includes(name));
      if (suites.includes('baseline') || suites.includes('capacity'))
        assert.equal(beside.length, 1);
    }
  }
});
