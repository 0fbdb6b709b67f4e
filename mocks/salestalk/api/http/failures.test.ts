import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../testing/manualClock.ts';
import { signToken, testSalestalk } from '../../testing/testSalestalk.ts';
import { AiCallError } from '../ai/aiProvider.ts';
import { createFailureLog, publicFailure } from './failures.ts';

test('an unforeseen failure is a 500 that reveals nothing', () => {
  for (const failure of [new Error('secret'), 'secret', undefined]) {
    const { error, message } = publicFailure(failure).body('r');
    assert.equal(publicFailure(failure).status, 500);
    assert.equal(error, 'InternalServerError');
    assert.ok(!message.includes('secret'));
  }
});

test('failures are logged once a second, and the next line says how many were left out', async () => {
  const lines: string[] = [];
  const clock = new ManualClock();
  const report = createFailureLog(clock, (line) => lines.push(line));
  const failure = new AiCallError('throttled', 'the provider answered 429');
  for (const atMs of [0, 400, 999, 1_000]) {
    await clock.pass(atMs - clock.monotonicMs());
    report(failure);
  }
  assert.deepEqual(lines, [
    'salestalk: model call failed, throttled: the provider answered 429',
    'salestalk: model call failed, throttled: the provider answered 429 (and 2 failures before that were not shown)',
  ]);
});

async function assertError(
  response: Response,
  expected: { status: number; error: string; message: RegExp },
): Promise<void> {
  assert.equal(response.status, expected.status);
  const body = await response.json();
  assert.deepEqual(Object.keys(body).sort(), ['error', 'message', 'requestId']);
  assert.equal(body.error, expected.error);
  assert.match(body.message, expected.message);
  assert.equal(body.requestId, response.headers.get('X-Request-Id'));
}

const validation = (message: RegExp) => ({ status: 400, error: 'ValidationError', message });
const unauthorized = (message: RegExp) => ({ status: 401, error: 'Unauthorized', message });

for (const [path, field] of [
  ['/classify', 'question'],
  ['/chat', 'message'],
] as const) {
  test(`${path} answers 400 to a body without a question`, async () => {
    await using salestalk = await testSalestalk();
    const bodies: [unknown, RegExp][] = [
      ['', /no body/],
      ['{', /not JSON/],
      ['[]', /not a JSON object/],
      ['null', /not a JSON object/],
      [{}, new RegExp(`"${field}" is missing`)],
      [{ [field]: null }, /missing/],
      [{ [field]: 3 }, /not a string/],
      [{ [field]: ' \n\t' }, /blank/],
      [{ [field]: 'x'.repeat(10_001) }, /longer than 10000 characters/],
      [{ [field]: 'fine', padding: 'x'.repeat(300_000) }, /longer than 262144 bytes/],
    ];
    for (const [body, message] of bodies) {
      await assertError(await salestalk.post(path, body), validation(message));
    }
    assert.equal(salestalk.ollama.calls.length, 0);
    assert.equal((await salestalk.post(path, { [field]: 'é'.repeat(10_000) })).status, 200);
  });

  test(`${path} answers 401 to a missing or invalid token`, async () => {
    await using salestalk = await testSalestalk();
    const claims = { 'custom:tenant_id': 'acme-corp-001' };
    const good = await signToken(claims);
    const [header, , signature] = good.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, exp: 9_999_999_999 })).toString(
      'base64url',
    );
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged}.`;
    const headers: [string, RegExp][] = [
      ['', /required/],
      ['Basic YTpi', /required/],
      ['Bearer', /required/],
      ['Bearer x', /not valid/],
      [`Bearer ${header}.${forged}.${signature}`, /not valid/],
      [`Bearer ${unsigned}`, /not valid/],
      [`Bearer ${await signToken(claims, { secret: 'another secret' })}`, /not valid/],
      [`Bearer ${await signToken(claims, { alg: 'HS512' })}`, /not valid/],
      [`Bearer ${await signToken(claims, { expiresInSeconds: -5 })}`, /no longer/],
      [`Bearer ${await signToken(claims, { expiresInSeconds: null })}`, /not valid/],
    ];
    for (const [Authorization, message] of headers) {
      const response = await salestalk.post(path, { [field]: 'q' }, { headers: { Authorization } });
      assert.equal(response.headers.get('WWW-Authenticate'), 'Bearer');
      await assertError(response, unauthorized(message));
    }
    assert.equal(salestalk.ollama.calls.length, 0);
  });

  test(`${path} takes the tenant from custom:tenant_id, else from tenantId, and answers 400 without either`, async () => {
    await using salestalk = await testSalestalk();
    const post = async (claims: Record<string, unknown>): Promise<Response> => {
      const Authorization = `Bearer ${await signToken(claims)}`;
      return salestalk.post(path, { [field]: 'q' }, { headers: { Authorization } });
    };
    assert.equal((await post({ tenantId: 'acme-corp-001' })).status, 200);
    assert.equal((await post({ 'custom:tenant_id': 'acme-corp-001', tenantId: '!' })).status, 200);
    await assertError(await post({}), validation(/names no tenant/));
    for (const tenantId of ['', 'Acme', 'a b', '../x', 'a"; --', 'a'.repeat(65), 7, null]) {
      const message = tenantId === null ? /tenant/ : /cannot be one/;
      await assertError(await post({ tenantId }), validation(message));
    }
  });

  test(`${path} answers 405 to another method`, async () => {
    await using salestalk = await testSalestalk();
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await fetch(`${salestalk.url}${path}`, { method });
      assert.equal(response.headers.get('Allow'), 'POST');
      await assertError(response, { status: 405, error: 'MethodNotAllowed', message: /POST only/ });
    }
  });
}

test('an unknown path is answered 404', async () => {
  await using salestalk = await testSalestalk();
  const notFound = { status: 404, error: 'NotFound', message: /nothing at \/nope/ };
  await assertError(await fetch(`${salestalk.url}/nope`), notFound);
  await assertError(await salestalk.post('/demo/token', {}), { ...notFound, message: /demo/ });
});
