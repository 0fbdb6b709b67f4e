import type { AuditorProcess } from './auditorProcess.ts';
import type { LighthouseCategory } from './lighthouseRun.ts';

/** What every audit by Lighthouse is told. */
export type AuditOptions = {
  url: string;
  formFactor: 'desktop' | 'mobile';
  /**
   * `simulate`: Lighthouse computes how the navigation would have been on its own slow network and processor of the form factor (for a timespan,
   * which cannot be computed, it slows both down for real); `provided`: as this machine is, which takes some 12 s a run, since Lighthouse waits longer.
   */
  throttling: 'simulate' | 'provided';
  categories: ['performance', ...LighthouseCategory[]];
  /** For all of it, in ms; afterwards it is ended. A run takes 5 s on a quiet machine and 10 on a busy one. */
  timeoutMs: number;
  /** Where Lighthouse's own report is written, HTML. */
  reportPath: string;
  /**
   * Texts of at least 12 characters that must come into no report and no error, such as the tokens in `input`. JSON Web Tokens are always
   * taken out. Pictures in the report show what the page shows.
   */
  secrets: readonly string[];
  /** The path of a script that calls `serveAuditor` with what to do on the product's page; nothing is done there without. */
  pageScript?: string;
  /** Carries the audit out, by the script that it was opened with; left out: a process of its own. */
  auditor?: AuditorProcess;
  /** What `pageScript` needs, such as a token: it goes through a pipe, as JSON. */
  input?: unknown;
};
