import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { behaviourSchema } from '../behaviour/behaviours.ts';
import type { Scope, Scopes } from '../behaviour/scopes.ts';
import { explainIssue } from '../explainIssue.ts';
import type { CallLog } from '../journal/callLog.ts';
import type { Journal } from '../journal/journal.ts';
import type { Status } from './status.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const SCOPE_ID = /^[0-9a-f]{8}$/;
const MS_A_SECOND = 1000;

/** The control API: behaviours and journal by scope, the model's listener, and the mock's own condition. Every route needs the token. */
export function controlApp(options: {
  token: string;
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
  app.use(guard(options));
  app.use('/scopes/:scope/*', async (context, next) => {
    const found = context.req.param('scope');
    if (SCOPE_ID.test(found)) return next();
    return problem(
      context,
      400,
      'SCOPE_INVALID',
      `scope: found ${JSON.stringify(found)}, expected eight lower-case hexadecimal digits.`,
    );
  });

  app.put('/scopes/:scope', async (context) => {
    const body = await readBody(context, scopeBodySchema);
    if ('refused' in body) return body.refused;
    const { seed, behaviours, ttlSeconds } = body.value;
    const scope = scopes.put(context.req.param('scope'), {
      seed,
      behaviours,
      ttlMs: ttlSeconds * MS_A_SECOND,
    });
    if (scope === 'full')
      return problem(
        context,
        507,
        'SCOPES_FULL',
        'there are too many live scopes: DELETE those that are done, or wait until some expire.',
      );
    return context.json(stateOf(scope));
  });

  app.post('/scopes/:scope/renew', (context) => {
    const scope = scopes.renew(context.req.param('scope'));
    if (scope === null)
      return problem(
        context,
        404,
        'SCOPE_UNKNOWN',
        `scope ${context.req.param('scope')} is unknown or has expired: PUT it again.`,
      );
    return context.json(stateOf(scope));
  });

  app.delete('/scopes/:scope', (context) => {
    scopes.forget(context.req.param('scope'));
    return context.body(null, 204);
  });

  app.get('/scopes/:scope/journal', (context) => {
    const after = context.req.query('after') ?? '0';
    if (!/^\d{1,15}$/.test(after))
      return problem(
        context,
        400,
        'AFTER_INVALID',
        `after: found ${JSON.stringify(after)}, expected the seq of an entry, or 0.`,
      );
    const entries = journal.read(context.req.param('scope'), Number(after));
    if (entries === null) return unknownScope(context, context.req.param('scope'));
    if (entries === 'lost')
      return problem(
        context,
        507,
        'JOURNAL_FULL',
        `the journal was full and dropped calls of this scope after seq ${after}: read it more often, or DELETE scopes that are done.`,
      );
    return context.body(journalBody(entries), 200, NDJSON);
  });

  app.get('/scopes/:scope/open', (context) => {
    const scope = context.req.param('scope');
    if (scopes.find(scope) === null) return unknownScope(context, scope);
    return context.body(journalBody(log.openOf(scope)), 200, NDJSON);
  });

  app.post('/listener/refuse', async (context) => {
    const body = await readBody(context, refuseBodySchema);
    if ('refused' in body) return body.refused;
    const untilMs = await options.refuse(body.value.forMs);
    return context.json({ refusedUntil: new Date(untilMs).toISOString() });
  });

  app.get('/status', (context) => context.json(options.status()));
  app.notFound((context) =>
    problem(context, 404, 'NOT_FOUND', `there is no ${context.req.method} ${context.req.path}.`),
  );
  return app;
}

function unknownScope(context: Context, scope: string): Response {
  const message = `scope ${scope} is unknown: PUT it before its calls.`;
  return problem(context, 404, 'SCOPE_UNKNOWN', message);
}

function stateOf(scope: Scope): { scope: string; expiresAt: string } {
  return { scope: scope.id, expiresAt: new Date(scope.expiresAtMs).toISOString() };
}

/**
 * Lets only the holder of the token in. The Host header is checked first: a web page that had a name of its own
 * resolved to 127.0.0.1 sends that name. No CORS headers, so that no page can read an answer either.
 */
function guard(options: { token: string; port: () => number }): MiddlewareHandler {
  const expected = digest(`Bearer ${options.token}`);
  return async (context, next) => {
    const host = context.req.header('host');
    const hosts = [`127.0.0.1:${options.port()}`, `localhost:${options.port()}`];
    if (host === undefined || !hosts.includes(host))
      return problem(
        context,
        403,
        'HOST_FOREIGN',
        `Host header: found ${quoted(host)}, expected ${hosts.join(' or ')}.`,
      );
    // Hashes are compared, since a comparison in constant time needs equal lengths.
    if (!timingSafeEqual(digest(context.req.header('authorization') ?? ''), expected)) {
      context.header('www-authenticate', 'Bearer');
      return problem(
        context,
        401,
        'UNAUTHORIZED',
        'Authorization header: expected "Bearer " and the token that the mock was started with in AI_MOCK_CONTROL_TOKEN.',
      );
    }
    return next();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function quoted(host: string | undefined): string {
  return host === undefined ? 'none' : JSON.stringify(host);
}

const LONGEST_TTL_SECONDS = 60;
const MOST_BEHAVIOURS = 100;

/** The body of PUT /scopes/:scope. */
const scopeBodySchema = z.strictObject({
  seed: z.int(),
  behaviours: z.array(behaviourSchema).max(MOST_BEHAVIOURS),
  ttlSeconds: z.number().min(1).max(LONGEST_TTL_SECONDS).default(LONGEST_TTL_SECONDS),
});

const LONGEST_MS = 60_000;

/** The body of POST /listener/refuse: how long the model's port refuses connections. */
const refuseBodySchema = z.strictObject({ forMs: z.number().min(1).max(LONGEST_MS) });

const ENTRIES_A_TURN = 500;
const encoder = new TextEncoder();

/** Entries, ended or open, as NDJSON, a few hundred at a time: to write a long journal at once would hold up the calls in flight. */
function journalBody(entries: readonly object[]): ReadableStream<Uint8Array> {
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

const FOUND_LENGTH = 100;

/** A request's JSON body read by a schema, or the answer that says what is wrong with it. */
async function readBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<{ value: z.infer<Schema> } | { refused: Response }> {
  const refuse = (message: string) => ({
    refused: problem(context, 400, 'BODY_INVALID', `${message}.`),
  });
  const text = await context.req.text();
  const body = parseJson(text);
  if (body === undefined)
    return refuse(`body: found ${JSON.stringify(text.slice(0, FOUND_LENGTH))}, expected JSON`);
  const read = schema.safeParse(body);
  return read.success ? { value: read.data } : refuse(explainIssue(read.error, body));
}

/** `undefined`, which JSON cannot say, where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An error of the control API: a stable code, and a message that says where, what was found, and what was expected. */
function problem(
  context: Context,
  status: ContentfulStatusCode,
  error: string,
  message: string,
): Response {
  return context.json({ error, message }, status);
}
