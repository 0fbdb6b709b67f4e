import { type Context, Hono } from 'hono';
import type { CallLog } from '../journal/callLog.ts';
import type { Journal } from '../journal/journal.ts';
import type { Scope, Scopes } from '../journal/scopes.ts';
import { guard } from './guard.ts';
import { journalBody } from './journalBody.ts';
import { problem } from './problem.ts';
import { readBody } from './readBody.ts';
import type { Status } from './readStatus.ts';
import { refuseBodySchema } from './refuseBody.ts';
import { scopeBodySchema } from './scopeBody.ts';

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
