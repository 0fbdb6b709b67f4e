import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEGRADED, SCENARIO_NAMES } from '../workloads/api/scenarios.ts';

import { HUNG_PAGE } from '../workloads/page/hungPage.ts';
import { CLEAN_UNDER_FAULTS, FLAVOURS, flavourNamed, flavoursBeside } from './flavours.ts';
import { PLANTED_DEFECTS } from './plantedDefects.ts';

const SITUATIONS = [...SCENARIO_NAMES, DEGRADED, HUNG_PAGE];
const underFaults = PLANTED_DEFECTS.filter(({ by }) => by === 'misbehavingModel');

test('a brief run measures a defect in some situation, and judges every objective that it turns red', () => {
  assert.ok(underFaults.length > 10);
  for (const { name, turnsRed } of underFaults) {
    const { situations } = flavourNamed(name, { brief: true });
    assert.ok(
      situations?.some((one) => SITUATIONS.includes(one)),
      name,
    );
    // An operation may have a dot in its name, none of these has.
    for (const id of turnsRed) assert.ok(situations?.includes(id.split('.')[0] ?? ''), id);
  }
});

test('all situations are measured in a whole run, and without a defect always', () => {
  for (const { name } of underFaults) {
    assert.equal(flavourNamed(name, { brief: false }).situations, null);
  }
  assert.equal(flavourNamed(CLEAN_UNDER_FAULTS, { brief: true }).situations, null);
});

test('side by side are only those that are all asked for, and none that is judged by its times', () => {
  for (const brief of [true, false]) {
    for (const { name, by, ...mine } of FLAVOURS.values()) {
      const beside = flavoursBeside(name, { brief }).map((one) => flavourNamed(one, { brief }));
      assert.ok(beside.some((one) => one.name === name));
      assert.ok(beside.every((one) => one.brief === mine.brief && one.pages === mine.pages));
      for (const one of beside) assert.ok(flavoursBeside(one.name, { brief }).includes(name));
      if (by.includes('baseline') || by.includes('capacity')) assert.equal(beside.length, 1);
    }
  }
});
