import type { TimedExchange } from '../../probes/httpClient.ts';
import type { Asked } from '../checkOwnership.ts';

/** What the answers here belong to. */
export const ASKED: Asked = {
  tenant: 'acme-corp-001',
  requestId: 'request-1',
  place: { scope: '5f3a9c1e', index: 17 },
  token: 'opaque-credential-of-acme',
  streamed: false,
};

const CLASSIFICATION = {
  intent: 'what',
  subject: 'revenue',
  measure: 'revenue',
  dimension: {},
  time: { period: 'Q3', granularity: 'quarter' },
  confidence: { overall: 0.85, components: { intent: 0.9 } },
  metadata: { parse_attempts: 1 },
};

/** A good answer to `/classify`. */
export function classifyBody() {
  return {
    classification: structuredClone(CLASSIFICATION),
    requestId: ASKED.requestId,
    tenantId: ASKED.tenant,
    metadata: { latencyMs: 342, provider: 'ollama' },
  };
}

/** A good answer to `/chat`. */
export function chatBody() {
  return {
    response: 'Revenue in Q3 was $2.5M.',
    sessionId: 'session-1',
    requestId: ASKED.requestId,
    classification: structuredClone(CLASSIFICATION),
    dataReferences: [referenceOf(ASKED.tenant)],
    metadata: { latencyMs: 109, provider: 'ollama', confidence: 0.85 },
  };
}

/** A figure from the tables of a tenant. */
export function referenceOf(tenant: string, { value = 2_500_000, sk = '2025-Q3' } = {}) {
  return {
    metric: 'revenue',
    period: 'Q3',
    value,
    unit: 'USD',
    source: { table: `tenant-${tenant}-metrics`, pk: 'METRIC#revenue', sk },
  };
}

/** What SalesTalk answers, with status 502, when its model failed. */
export function errorBody() {
  return {
    error: 'AIProviderError',
    message: 'The AI provider could not answer.',
    requestId: ASKED.requestId,
  };
}

/** The lines of a good streamed answer, without their ends. */
export function streamEvents(): ({ type: string; requestId: string } & Record<string, unknown>)[] {
  const { requestId } = ASKED;
  return [
    { type: 'classification_start', requestId },
    { type: 'classification_complete', requestId, classification: CLASSIFICATION },
    { type: 'data_retrieval_start', requestId },
    { type: 'data_retrieval_complete', requestId },
    { type: 'narrative_start', requestId },
    { type: 'narrative_chunk', requestId, text: 'Revenue in Q3 ' },
    { type: 'narrative_chunk', requestId, text: 'was $2.5M.' },
    { type: 'complete', ...chatBody() },
  ];
}

/** The good stream with another request id in one event. */
export function streamEventsWithId(requestId: string, place: number) {
  return streamEvents().map((event, at) => (at === place ? { ...event, requestId } : event));
}

/** An exchange that came to an end, 400 ms after sending, unless its parts say otherwise. */
export function exchangeOf(body: unknown, parts: Partial<TimedExchange> = {}): TimedExchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    sentAtMs: 1_800_000_000_000,
    heldMs: 0,
    status: 200,
    headers: { 'x-request-id': ASKED.requestId },
    contentEncoding: null,
    body: text,
    chunks: [{ atMs: 390, text }],
    firstByteMs: 380,
    durationMs: 400,
    endedMs: 400,
    connectionReused: true,
    failure: null,
    ...parts,
  };
}

/** A streamed exchange: each event on a line of its own, complete at 10 ms, 20 ms and so on. */
export function streamOf(events: unknown[], parts: Partial<TimedExchange> = {}): TimedExchange {
  const chunks = events.map((event, at) => ({
    atMs: (at + 1) * 10,
    text: `${JSON.stringify(event)}\n`,
  }));
  const body = chunks.map(({ text }) => text).join('');
  return exchangeOf(body, { chunks, firstByteMs: 5, ...parts });
}
