import { hash, timingSafeEqual } from 'node:crypto';
import process from 'node:process';
import { clearInterval, setInterval } from 'node:timers';
import { Hono, type MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { readJsonBody } from '../../readInput.ts';
import { behaviourSchema } from '../behaviour/behaviours.ts';
import type { Scope, Scopes } from '../behaviour/scopes.ts';
import { epochMs } from '../clock.ts';
import { Histogram } from '../journal/histogram.ts';
import type { CallLog, Journal } from '../journal/journal.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };

const scopeSchema = z.strictObject({
  seed: z.int(),
  behaviours: z.array(behaviourSchema).max(100),
  ttlSeconds: z.number().min(1).max(60).default(60),
});

/** The body of POST /listener/refuse: how long the model's port refuses connections. */
const refusalSchema = z.strictObject({ forMs: z.number().min(1).max(60_000) });

/** The control API: behaviours and journal by scope, the model's listener, and the status of the mock. Every route needs the token. */
export function controlApp(options: {
  token: string;
  /** The names that callers may know the listener by. */
  names: readonly string[];
  port: () => number;
  scopes: Scopes;
  journal: Journal;
  log: CallLog;
  status: () => Status;
  /** Closes the model's listener for a time; resolves to its end, milliseconds since the epoch. */
  refuse: (forMs: number) => Promise<number>;
}): Hono {
  const { scopes, journal, log } = options;
  const app = new Hono();
  app.use(guardAccess(options));
  app.use('/scopes/:scope/*', async (context, next) => {
    const scope = context.req.param('scope');
    if (/^[0-9a-f]{8}$/.test(scope)) return next();
    const expected = 'expected eight lower-case hexadecimal digits';
    throw problem(400, 'SCOPE_INVALID', `scope: found ${JSON.stringify(scope)}, ${expected}.`);
  });

  app.put('/scopes/:scope', async (context) => {
    const { seed, behaviours, ttlSeconds } = await readBody(context.req.raw, scopeSchema);
    const model = { seed, behaviours, ttlMs: ttlSeconds * 1000 };
    const scope = scopes.put(context.req.param('scope'), model);
    if (scope !== 'full') return context.json(describeScope(scope));
    const remedy = 'DELETE those that are done, or wait until some expire';
    throw problem(507, 'SCOPES_FULL', `there are too many live scopes: ${remedy}.`);
  });

  app.post('/scopes/:scope/renew', (context) => {
    const id = context.req.param('scope');
    const scope = scopes.renew(id);
    if (scope !== null) return context.json(describeScope(scope));
    throw problem(404, 'SCOPE_UNKNOWN', `scope ${id} is unknown or has expired: PUT it again.`);
  });

  app.delete('/scopes/:scope', (context) => {
    scopes.forget(context.req.param('scope'));
    return context.body(null, 204);
  });

  app.get('/scopes/:scope/journal', (context) => {
    const scope = context.req.param('scope');
    const after = context.req.query('after') ?? '0';
    if (!/^\d{1,15}$/.test(after)) {
      const found = JSON.stringify(after);
      throw problem(400, 'AFTER_INVALID', `after: found ${found}, expected the seq of an entry.`);
    }
    const entries = journal.read(scope, Number(after));
    if (entries === null) throw unknownScope(scope);
    if (entries !== 'lost') return context.body(streamCalls(entries), 200, NDJSON);
    const remedy = 'read it more often, or DELETE scopes that are done';
    const message = `the journal was full and dropped calls of this scope after seq ${after}: ${remedy}.`;
    throw problem(507, 'JOURNAL_FULL', message);
  });

  app.get('/scopes/:scope/open', (context) => {
    const scope = context.req.param('scope');
    if (scopes.find(scope) === null) throw unknownScope(scope);
    return context.body(streamCalls(log.openCalls(scope)), 200, NDJSON);
  });

  app.post('/listener/refuse', async (context) => {
    const { forMs } = await readBody(context.req.raw, refusalSchema);
    const untilMs = await options.refuse(forMs);
    return context.json({ refusedUntil: new Date(untilMs).toISOString() });
  });

  app.get('/status', (context) => context.json(options.status()));
  app.notFound(({ req }) =>
    problem(404, 'NOT_FOUND', `there is no ${req.method} ${req.path}.`).getResponse(),
  );
  return app;
}

/** An error of the control API: a stable code, and a message that says where, what was found, and what was expected. */
function problem(status: ContentfulStatusCode, error: string, message: string): HTTPException {
  const headers = { 'www-authenticate': 'Bearer' };
  const init = status === 401 ? { status, headers } : { status };
  return new HTTPException(status, { res: Response.json({ error, message }, init) });
}

function unknownScope(scope: string): HTTPException {
  return problem(404, 'SCOPE_UNKNOWN', `scope ${scope} is unknown: PUT it before its calls.`);
}

function describeScope(scope: Scope): { scope: string; expiresAt: string } {
  return { scope: scope.id, expiresAt: new Date(scope.expiresAtMs).toISOString() };
}

/**
 * Admits only callers with the token. The Host header is checked first, since a web page that resolves its own name to 127.0.0.1
 * sends that name. There are no CORS headers, so that no page can read an answer either.
 */
function guardAccess(options: {
  token: string;
  names: readonly string[];
  port: () => number;
}): MiddlewareHandler {
  const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
  const expected = digest(`Bearer ${options.token}`);
  return async (context, next) => {
    const host = context.req.header('host');
    const hosts = options.names.map((name) => `${name}:${options.port()}`);
    if (host === undefined || !hosts.includes(host)) {
      const found = JSON.stringify(host) ?? 'none';
      const message = `Host header: found ${found}, expected ${hosts.join(' or ')}.`;
      throw problem(403, 'HOST_FOREIGN', message);
    }
    // A comparison in constant time needs equal lengths, which hashes have.
    if (timingSafeEqual(digest(context.req.header('authorization') ?? ''), expected)) return next();
    const message =
      'Authorization header: expected "Bearer " and the token that the mock was started with in AI_MOCK_CONTROL_TOKEN.';
    throw problem(401, 'UNAUTHORIZED', message);
  };
}

async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const body = await readJsonBody(request, schema);
  if ('problem' in body) throw problem(400, 'BODY_INVALID', `${body.problem}.`);
  return body.value;
}

const ENTRIES_A_TURN = 100;
const encoder = new TextEncoder();

/** Calls, ended or open, as NDJSON, a hundred in one turn of the event loop: more would delay the answers that are due. */
function streamCalls(entries: readonly object[]): ReadableStream<Uint8Array> {
  let from = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (from >= entries.length) return controller.close();
      const turn = entries.slice(from, from + ENTRIES_A_TURN);
      from += ENTRIES_A_TURN;
      controller.enqueue(
        encoder.encode(turn.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
      );
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
}

/** How the mock itself is doing, counted from its start, not from the last request. `null`: nothing recorded yet. */
export type Status = ReturnType<typeof readStatus>;

export function readStatus(options: {
  log: CallLog;
  loopDelays: Histogram;
  listener: { isRefusing: boolean };
  startedAtMs: number;
}) {
  const { log, loopDelays, listener, startedAtMs } = options;
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    name: 'ai-mock',
    version: 1,
    uptimeMs: epochMs() - startedAtMs,
    inFlight: log.inFlight,
    calls: log.calls,
    refusing: listener.isRefusing,
    /** How much later than planned the answers were complete. */
    lateness: log.lateness.summary(),
    /** How late a timer of 20 ms fired. */
    eventLoopDelay: loopDelays.summary(),
    /** CPU time of the process since its start, user and system, all threads together. */
    cpuMs: (user + system) / 1000,
    /** What the process holds of the machine, and its JavaScript heap in use, garbage not yet collected included. */
    memory: { residentBytes: rss, heapUsedBytes: heapUsed },
  };
}

const EVERY_MS = 20;

/**
 * Records how late a timer of 20 ms fires: how long the event loop kept work waiting. Node's `monitorEventLoopDelay` has another
 * scale in Deno.
 */
export function watchLoopDelay(): { delays: Histogram; stop: () => void } {
  const delays = new Histogram();
  let dueMs = performance.now() + EVERY_MS;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    delays.record(Math.max(0, nowMs - dueMs));
    dueMs = nowMs + EVERY_MS;
  }, EVERY_MS);
  timer.unref();
  return { delays, stop: () => clearInterval(timer) };
}
