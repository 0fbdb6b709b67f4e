/** What the browser modules share. A `null` is a value that the service did not state. */

export type PageConfig = {
  /** Where the API is; empty: the page's own origin. */
  apiUrl: string;
  demoWorkspaces: string[];
};

export type Session = {
  token: string;
  tenantId: string;
};

export type Classification = {
  intent: string | null;
  subject: string | null;
  measure: string | null;
  period: string | null;
  /** In [0, 1]. */
  confidence: number | null;
};

export type DataReference = {
  metric: string;
  period: string | null;
  value: number | null;
  /** ISO 4217 code, `ratio`, `percent`, `count`, `score` or words of the service's own. */
  unit: string | null;
  table: string | null;
  key: string | null;
};

/** What may happen to an answer, whether the service streams it or sends it at once. */
export type ChatEvent =
  | { type: 'classificationStart' }
  | { type: 'classificationComplete'; classification: Classification | null }
  | { type: 'dataStart' }
  | { type: 'dataComplete'; references: readonly DataReference[] }
  | { type: 'narrativeStart' }
  | { type: 'narrativeChunk'; text: string }
  | {
      type: 'complete';
      narrative: string | null;
      classification: Classification | null;
      references: readonly DataReference[] | null;
      sessionId: string | null;
      refused: boolean;
    }
  | { type: 'failed'; kind: FailureKind; detail: string | null };

export type FailureKind =
  | 'offline'
  | 'unreachable'
  | 'silent'
  | 'interrupted'
  | 'unreadable'
  | 'signedOut'
  | 'invalid'
  | 'busy'
  | 'model'
  | 'server'
  | 'stopped';

export type AnswerState = 'loading' | 'streaming' | 'complete' | 'refused' | 'error';

export type Answer = {
  state: AnswerState;
  /** What the service is doing, while it is at it. */
  step: 'classifying' | 'fetching' | 'writing';
  classification: Classification | null;
  references: readonly DataReference[];
  narrative: string;
  sessionId: string | null;
  failure: { kind: FailureKind; detail: string | null } | null;
};
