import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedSchemas } from './schemas.ts';
import { ROOT } from './tools.ts';

test('the committed schemas are those that the zod schemas make (npm run schemas)', () => {
  for (const [file, text] of Object.entries(generatedSchemas())) {
    assert.equal(readFileSync(join(ROOT, file), 'utf8'), text, file);
  }
});
