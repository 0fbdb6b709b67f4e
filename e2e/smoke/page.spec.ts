import { expect, test } from '../fixtures.ts';
import { expectState, expectText } from './readAnswer.ts';

test.describe('Page', { tag: '@smoke' }, () => {
  test.skip(({ run }) => !run.target.supports.ui, 'not measured: target has no UI');

  test('The page shows the classification, then the narrative with its sources', async ({
    chatPage,
    tenant,
  }) => {
    await chatPage.signIn(tenant);
    const answer = await chatPage.ask('What is Q3 revenue?');
    await expectText(chatPage.classification(answer)).toMatch(/revenue/i);
    await expectState(answer).toBe('complete');
    await expectText(chatPage.narrative(answer)).toMatch(/revenue/i);
    await expectText(chatPage.sources(answer)).toContain(`tenant-${tenant}-metrics`);
  });

  test('The page is usable by keyboard alone', async ({ chatPage, page, tenant }) => {
    await chatPage.signIn(tenant);
    await page.getByRole('textbox', { name: 'Ask a question' }).focus();
    await page.keyboard.type('What was revenue in Q4?');
    await page.keyboard.press('Enter');
    await expectState(chatPage.answerTo('What was revenue in Q4?')).toBe('complete');
  });

  test('The page sends a user with a bad token back to the sign-in', async ({ chatPage, page }) => {
    await chatPage.open();
    await page.getByRole('textbox', { name: 'Access token' }).fill('not-a-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Access token' })).toBeVisible();
  });
});
