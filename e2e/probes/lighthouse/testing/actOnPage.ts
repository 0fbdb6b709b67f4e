import { z } from 'zod';
import { serveAuditor } from '../serveAuditor.ts';

/** A page script as a product's would be: signs in by cookie and storage, then presses the button of `faultyPage`. */
const actions = z.strictObject({ origin: z.url(), token: z.string(), fail: z.string().optional() });

serveAuditor({
  async prepare(page, input) {
    const { origin, token, fail } = actions.parse(input);
    if (fail !== undefined) throw new Error(`${fail} ${token}`);
    await page.context().addCookies([{ name: 'session', value: token, url: origin }]);
    await page.goto(origin);
    await page.evaluate((text) => sessionStorage.setItem('token', text), token);
    console.log(`a stray line of ${token}`);
  },
  async interact(page, input) {
    const { token } = actions.parse(input);
    const kept = await page.evaluate(() => [document.cookie, sessionStorage.getItem('token')]);
    if (kept.join() !== `session=${token},${token}`) throw new Error(`signed out: ${kept}`);
    await page.getByRole('button', { name: 'Go' }).click();
    await page.getByText('Done').waitFor();
  },
});
