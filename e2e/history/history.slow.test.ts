import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { addToHistory, readHistory } from './history.ts';
import { nightOf } from './testing/nightOf.ts';

/** Adds large runs until it is killed, and prints the id of each that was added. */
const WRITER = `
  import { readFileSync, writeSync } from 'node:fs';
  import { addToHistory } from ${JSON.stringify(new URL('./history.ts', import.meta.url).href)};
  const [place, name, file] = process.argv.slice(-3);
  const run = JSON.parse(readFileSync(file, 'utf8'));
  for (let at = 0; ; at += 1) {
    const id = name + '-' + at;
    addToHistory(place, { ...run, id });
    writeSync(1, id + '\\n');
  }`;

const draw = seededDraw(17);
const executions = Array.from({ length: 3000 }, (_, at) => ({
  test: `perf/a.spec.ts › A › test ${at}, whose title is a sentence of some length`,
  outcome: 'passed' as const,
}));

/** Starts two writers and kills each at a random moment. @returns the ids that they added */
async function killWriters(place: string, run: string, round: number): Promise<string[]> {
  const added = ['a', 'b'].map(async (name) => {
    const args = ['--input-type=module', '-e', WRITER, place, `${round}${name}`, run];
    const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const output = text(writer.stdout);
    const closed = once(writer, 'close');
    await once(writer.stdout, 'readable');
    await delay(draw() * 150);
    writer.kill('SIGKILL');
    assert.deepEqual(await closed, [null, 'SIGKILL']);
    return (await output).split('\n').slice(0, -1);
  });
  return (await Promise.all(added)).flat();
}

for (const [name, kills, ending] of [
  ['file', 50, '.ndjson'],
  ['folder', 20, '/'],
] as const) {
  test(`writers of a ${name} that are killed at ${kills} random moments lose no run that was added`, {
    timeout: 300_000,
  }, async () => {
    using folder = temporaryFolder();
    const run = path.join(folder.path, 'run.json');
    writeFileSync(run, JSON.stringify(nightOf(0, { executions })));
    let place = '';
    let expected: string[] = [];
    for (let round = 0; round < kills / 2; round++) {
      // A new place now and then: each run reads all earlier ones.
      if (round % 5 === 0) {
        place = `${path.join(folder.path, `${round}`)}${ending}`;
        expected = [];
      }
      expected.push(...(await killWriters(place, run, round)));
      addToHistory(place, nightOf(round));
      expected.push(`night-${round}`);
      const ids = new Set(readHistory(place).map(({ id }) => id));
      assert.deepEqual(
        expected.filter((id) => !ids.has(id)),
        [],
      );
    }
  });
}
