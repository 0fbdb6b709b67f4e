import { expect, test } from '../fixtures/index.ts';

test.describe('Page', { tag: '@smoke' }, () => {
  test.skip(({ run }) => !run.target.supports.ui, 'not measured: target has no UI');

  test('shows the classification, then the narrative with its sources', async ({
    chatPage,
    run,
  }) => {
    const [tenant] = run.target.tenants;
    await chatPage.signIn(tenant as string);
    const answer = await chatPage.ask('What is Q3 revenue?');
    await expect(chatPage.classificationOf(answer)).toContainText(/revenue/i);
    await expect(answer).toHaveAttribute('data-state', 'complete');
    await expect(chatPage.narrativeOf(answer)).toContainText(/revenue/i);
    await expect(chatPage.sourcesOf(answer)).toContainText(`tenant-${tenant}-metrics`);
  });

  test('is usable by keyboard alone', async ({ chatPage, page, tenant }) => {
    await chatPage.signIn(tenant);
    await page.getByRole('textbox', { name: 'Ask a question' }).focus();
    await page.keyboard.type('What was revenue in Q4?');
    await page.keyboard.press('Enter');
    await expect(chatPage.answerTo('What was revenue in Q4?')).toHaveAttribute(
      'data-state',
      'complete',
    );
  });

  test('sends a bad token back to the sign-in', async ({ page, run }) => {
    await page.goto(run.target.uiUrl as string);
    await page.getByRole('textbox', { name: 'Access token' }).fill('not-a-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Access token' })).toBeVisible();
  });
});
