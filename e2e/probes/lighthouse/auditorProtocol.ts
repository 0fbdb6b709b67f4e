import { z } from 'zod';
import { lighthouseCategory, lighthouseRun } from './lighthouseRun.ts';
import { timespanRun } from './timespanRun.ts';

/*
 * What parent and child say to one another: one line of JSON on the child's standard input, one on its standard output.
 * On standard input, since it may hold tokens and arguments are there for every user of the machine to read.
 */

const order = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  formFactor: z.enum(['desktop', 'mobile']),
  throttling: z.enum(['simulate', 'provided']),
  categories: z.array(lighthouseCategory).min(1),
  executablePath: z.string().nullable(),
  profileDir: z.string(),
  reportPath: z.string(),
  secrets: z.array(z.string()),
  /** Passed on to the page's steps as it is. */
  input: z.unknown().optional(),
});

export const auditorOrder = z.discriminatedUnion('kind', [
  order.extend({ kind: z.literal('navigations'), runs: z.int().positive() }),
  order.extend({ kind: z.literal('flow') }),
]);
export type AuditorOrder = z.infer<typeof auditorOrder>;

const tools = z.strictObject({ lighthouseVersion: z.string(), browser: z.string() });
export type AuditorTools = z.infer<typeof tools>;

export const navigationsAnswer = z.strictObject({
  tools,
  runs: z.array(lighthouseRun).min(1),
  /** Which of `runs`, from 0, is the median run. */
  medianIndex: z.int().nonnegative(),
});
export type NavigationsAnswer = z.infer<typeof navigationsAnswer>;

export const flowAnswer = z.strictObject({
  tools,
  navigation: lighthouseRun,
  timespan: timespanRun,
});
export type FlowAnswer = z.infer<typeof flowAnswer>;

/** The line on standard output. */
export const auditorReply = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('audited'), answer: z.unknown() }),
  z.strictObject({ event: z.literal('failed'), reason: z.string() }),
]);
export type AuditorReply = z.infer<typeof auditorReply>;
