import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSession } from './signIn.ts';

const encodeToken = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

const readTenant = (token: string) => readSession(token)?.tenantId ?? null;

test('the tenant is the claim custom:tenant_id, else tenantId', () => {
  const both = { 'custom:tenant_id': 'acme-corp-001', tenantId: 'other' };
  assert.equal(readTenant(encodeToken(both)), 'acme-corp-001');
  assert.equal(readTenant(encodeToken({ tenantId: 'techstart-inc-002' })), 'techstart-inc-002');
});

test('letters beyond ASCII and payloads of every length are read', () => {
  for (const filler of ['', 'a', 'ab', 'abc', 'ÿþ?>']) {
    assert.equal(readTenant(encodeToken({ filler, tenantId: 'café' })), 'café');
  }
});

test('a text that is not a token of SalesTalk has no tenant', () => {
  for (const text of [
    '',
    'nonsense',
    'a.b',
    'a.%%%.c',
    `a.${btoa('7')}.c`,
    encodeToken({ sub: 'x' }),
  ]) {
    assert.equal(readTenant(text), null, text);
  }
});
