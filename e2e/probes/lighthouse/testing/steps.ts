import { z } from 'zod';
import type { PageInteraction } from '../audit.ts';

const actions = z.strictObject({ token: z.string(), fail: z.string().optional() });

/** Steps as a product's would be: signs in by cookie and storage, then presses the button of `faultyPage`. */
export const interact: PageInteraction = async (page, input) => {
  const { token, fail } = actions.parse(input);
  console.log(`a stray line of ${token}`);
  if (fail !== undefined) throw new Error(`${fail} ${token}`);
  await page.context().addCookies([{ name: 'session', value: token, url: page.url() }]);
  await page.evaluate((text) => sessionStorage.setItem('token', text), token);
  await page.getByRole('button', { name: 'Go' }).click();
  await page.getByText('Done').waitFor();
};
