import { type Config, desktopConfig, type Flags } from 'lighthouse';
import type { AuditorOrder } from './auditorProtocol.ts';

/** Gives no value that is kept, and takes its time. */
export const SKIPPED = ['bf-cache'];

/** How Lighthouse is set up for an order: its own screen, user agent and throttling for the form factor. */
export function lighthouseSettings({
  formFactor,
  throttling,
  categories,
}: Pick<AuditorOrder, 'formFactor' | 'throttling' | 'categories'>): {
  flags: Flags;
  config: Config;
} {
  return {
    config: formFactor === 'desktop' ? desktopConfig : { extends: 'lighthouse:default' },
    flags: {
      logLevel: 'error',
      // The languages of the machine must not change what is written.
      locale: 'en-US',
      throttlingMethod: throttling,
      onlyCategories: categories,
      // Neither gives a value that is kept here; together they take 1.6 s of a run, and one more picture of someone's data.
      disableFullPageScreenshot: true,
      skipAudits: SKIPPED,
    },
  };
}
