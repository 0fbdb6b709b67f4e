import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeReport } from './reportFiles.ts';

test('the command that shows the report is quoted for the shell', () => {
  const config = {
    configFile: '/my work/playwright.config.ts',
    reporter: [['html', { outputFolder: "it's/playwright" }]],
  };
  assert.equal(
    describeReport("/my work/it's", config as never, '/my work'),
    "it's/summary.md, Playwright report: npx playwright show-report 'it'\\''s/playwright'",
  );
  assert.match(
    describeReport('/my work/report', config as never, '/elsewhere'),
    /: npx playwright show-report '\/my work\/it'\\''s\/playwright'$/,
  );
});
