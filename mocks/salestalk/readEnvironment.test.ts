import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from './readEnvironment.ts';

const secret = { SALESTALK_JWT_SECRET: 's' };
const ai = (variables: Record<string, string>) =>
  readEnvironment({ ...secret, ...variables }, { demoSignIn: false }).ai;

test('the default is Ollama on its usual port, and an empty variable counts as not set', () => {
  const usual = { provider: 'ollama', baseUrl: 'http://localhost:11434', model: 'llama3.1' };
  assert.deepEqual(ai({}), usual);
  assert.deepEqual(ai({ AI_PROVIDER: '', OLLAMA_BASE_URL: '' }), usual);
  assert.deepEqual(ai({ OLLAMA_BASE_URL: 'http://127.0.0.1:1/x', OLLAMA_MODEL: 'm' }), {
    provider: 'ollama',
    baseUrl: 'http://127.0.0.1:1/x',
    model: 'm',
  });
});

test("Bedrock is at the URL of the SDK's variable, with placeholder credentials by default", () => {
  const endpoint = 'http://127.0.0.1:4566';
  const bedrock = { AI_PROVIDER: 'bedrock', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint };
  assert.deepEqual(ai(bedrock), {
    provider: 'bedrock',
    endpoint,
    region: 'us-east-1',
    modelId: 'anthropic.claude-3-5-haiku-20241022-v1:0',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const own = ai({
    ...bedrock,
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'eu-central-1',
  });
  assert.ok(own.provider === 'bedrock');
  assert.deepEqual(own.credentials, { accessKeyId: 'a', secretAccessKey: 'b' });
  assert.equal(own.region, 'eu-central-1');
});

test('an invalid variable is an error that names it', () => {
  for (const [variables, words] of [
    [{ AI_PROVIDER: 'openai' }, /AI_PROVIDER/],
    [{ OLLAMA_BASE_URL: 'localhost' }, /OLLAMA_BASE_URL: is not an http\(s\) URL/],
    [{ OLLAMA_BASE_URL: 'ftp://x' }, /OLLAMA_BASE_URL/],
    [{ AI_PROVIDER: 'bedrock' }, /needs AWS_ENDPOINT_URL_BEDROCK_RUNTIME/],
    [{ SALESTALK_JWT_SECRET: '' }, /SALESTALK_JWT_SECRET is not set/],
  ] as const) {
    assert.throws(() => ai(variables), { code: 'ENVIRONMENT_INVALID', message: words });
  }
});

test('demo sign-in makes a new secret each time', () => {
  const made = () => readEnvironment({}, { demoSignIn: true }).jwtSecret;
  assert.ok(made().length >= 32);
  assert.notEqual(made(), made());
  assert.equal(readEnvironment(secret, { demoSignIn: true }).jwtSecret, 's');
});
