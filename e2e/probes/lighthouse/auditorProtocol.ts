import { z } from 'zod';

/** Lighthouse's categories; `performance` is always measured. */
const lighthouseCategory = z.enum(['performance', 'accessibility', 'best-practices', 'seo']);
export type LighthouseCategory = z.infer<typeof lighthouseCategory>;

const count = z.number().nonnegative();

/**
 * Numbers of one navigation. Lighthouse computes FCP, LCP, speed index, TTI and TBT under `simulate` and observes them under `provided`.
 * The simulation ignores timers, slow answers of single files and images of low priority: such delays show only in observed values.
 */
const lighthouseMetrics = z.strictObject({
  fcpMs: count,
  lcpMs: count,
  speedIndexMs: count,
  ttiMs: count,
  tbtMs: count,
  cls: count,
  /** On this machine, without throttling. */
  observedFcpMs: count,
  observedLcpMs: count,
  /** All transferred bytes, headers included. */
  totalBytes: count,
  /** Leaves out scripts with 20 KiB or less unused. */
  unusedScriptBytes: count,
  /** Leaves out style sheets with 10 KiB or less unused. */
  unusedStyleBytes: count,
  scriptBytes: count,
  /** 0 if the page loads no script file. */
  largestScriptBytes: count,
});
export type LighthouseMetric = keyof z.infer<typeof lighthouseMetrics>;

const wasted = z.strictObject({ url: z.string(), sizeBytes: count, wastedBytes: count });

/** Lighthouse's findings, largest first. `sizeBytes` are transferred bytes. */
const lighthouseFindings = z.strictObject({
  /** `delayMs`: how much earlier the first paint could come; null if Lighthouse gives none. */
  renderBlocking: z.array(
    z.strictObject({ url: z.string(), sizeBytes: count, delayMs: z.number().nullable() }),
  ),
  unused: z.array(wasted),
  /** Files that minifying would shrink by at least 2 KiB and 10 % (style sheets 5 %). */
  unminified: z.array(wasted),
  /**
   * Files with a short cache lifetime; `lifetimeMs` is 0 without a header for it. Lighthouse leaves out those with "no-store",
   * "no-cache", "private", "must-revalidate" or an age of 0, which it takes as intended.
   */
  briefCache: z.array(z.strictObject({ url: z.string(), sizeBytes: count, lifetimeMs: count })),
  /** URLs without an answer. */
  notLoaded: z.array(z.string()),
  scripts: z.array(z.strictObject({ url: z.string(), sizeBytes: count })),
  /** `element` is a CSS selector; null if Lighthouse knows none. */
  layoutShifts: z.array(z.strictObject({ element: z.string().nullable(), shift: count })),
});

/** One navigation as Lighthouse saw it. */
export const lighthouseRun = z.strictObject({
  /** 0–1 for each requested category. */
  scores: z.partialRecord(lighthouseCategory, z.number().min(0).max(1)),
  metrics: lighthouseMetrics,
  findings: lighthouseFindings,
  /** Includes the start of the browser. */
  durationMs: count,
  /** Lighthouse's measure of the machine's present speed; about 1,500 and more on a desktop. */
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
