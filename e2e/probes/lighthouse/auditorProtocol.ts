import { z } from 'zod';

/** Lighthouse's categories that judge what a person gets; `performance` is always measured. */
const lighthouseCategory = z.enum(['performance', 'accessibility', 'best-practices', 'seo']);
export type LighthouseCategory = z.infer<typeof lighthouseCategory>;

const count = z.number().nonnegative();

/**
 * Numbers of one navigation. FCP, LCP, speed index, TTI and TBT are Lighthouse's: computed under `simulate`, seen under `provided`.
 * What is computed knows the requests and the work of the page, but neither timers, nor which of the files was slow to be answered, nor pictures
 * of low priority; a delay of those kinds shows in the observed values alone.
 */
const lighthouseMetrics = z.strictObject({
  fcpMs: count,
  lcpMs: count,
  speedIndexMs: count,
  ttiMs: count,
  tbtMs: count,
  cls: count,
  /** As this machine showed the page, whatever the throttling. */
  observedFcpMs: count,
  observedLcpMs: count,
  /** Everything that was transferred, headers included. */
  totalBytes: count,
  /** Scripts of which Lighthouse counts 20 KiB or less as unused are left out. */
  unusedScriptBytes: count,
  /** Style sheets of which Lighthouse counts 10 KiB or less as unused are left out. */
  unusedStyleBytes: count,
  scriptBytes: count,
  /** 0 where the page loads no script from a file. */
  largestScriptBytes: count,
});
export type LighthouseMetric = keyof z.infer<typeof lighthouseMetrics>;

const wasted = z.strictObject({ url: z.string(), sizeBytes: count, wastedBytes: count });

/** What Lighthouse names as the reason, the largest first. `sizeBytes` are transferred bytes. */
const lighthouseFindings = z.strictObject({
  /** `delayMs` is by how much the first paint could come earlier; null where Lighthouse gives none. */
  renderBlocking: z.array(
    z.strictObject({ url: z.string(), sizeBytes: count, delayMs: z.number().nullable() }),
  ),
  unused: z.array(wasted),
  /** Files that would shrink by at least 2 KiB and 10 % (style sheets 5 %) if they were minified. */
  unminified: z.array(wasted),
  /**
   * Files that a second visit has to fetch again too soon; `lifetimeMs` is 0 where no header says how long they may be kept. Lighthouse leaves out
   * those with "no-store", "no-cache", "private", "must-revalidate" or an age of 0, which it takes for meant so.
   */
  briefCache: z.array(z.strictObject({ url: z.string(), sizeBytes: count, lifetimeMs: count })),
  /** URLs from which no answer came. */
  notLoaded: z.array(z.string()),
  scripts: z.array(z.strictObject({ url: z.string(), sizeBytes: count })),
  /** `element` is a CSS selector; null where Lighthouse knows none. */
  layoutShifts: z.array(z.strictObject({ element: z.string().nullable(), shift: count })),
});

/** One navigation as Lighthouse saw it. */
export const lighthouseRun = z.strictObject({
  /** 0–1 for each category that was asked for. */
  scores: z.partialRecord(lighthouseCategory, z.number().min(0).max(1)),
  metrics: lighthouseMetrics,
  findings: lighthouseFindings,
  /** How long the run took, the start of its browser included. */
  durationMs: count,
  /** Lighthouse's own measure of how fast the machine was just then; around 1,500 and more on a desktop. */
  benchmarkIndex: z.number(),
  warnings: z.array(z.string()),
});
export type LighthouseRun = z.infer<typeof lighthouseRun>;

/** What the steps of a user flow cost the person who took them. */
export const timespanRun = z.strictObject({
  /** Lab INP of the interactions of this timespan; null where there was none. */
  inpMs: count.nullable(),
  tbtMs: count,
  cls: count,
  /** How long the steps took. */
  durationMs: count,
  warnings: z.array(z.string()),
});
export type TimespanRun = z.infer<typeof timespanRun>;

/*
 * Parent and child exchange one line of JSON each: the order on the child's standard input, the reply on its standard output.
 * Not as an argument: the order may hold tokens, and every user of the machine can read arguments.
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
