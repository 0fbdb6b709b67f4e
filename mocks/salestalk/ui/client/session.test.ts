import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tenantOfToken } from './session.ts';

const tokenOf = (claims: object): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

test('the tenant is the claim custom:tenant_id, else tenantId', () => {
  const both = { 'custom:tenant_id': 'acme-corp-001', tenantId: 'other' };
  assert.equal(tenantOfToken(tokenOf(both)), 'acme-corp-001');
  assert.equal(tenantOfToken(tokenOf({ tenantId: 'techstart-inc-002' })), 'techstart-inc-002');
});

test('letters beyond ASCII and payloads of every length are read', () => {
  for (const filler of ['', 'a', 'ab', 'abc', 'ÿþ?>']) {
    assert.equal(tenantOfToken(tokenOf({ filler, tenantId: 'café' })), 'café');
  }
});

test('what is no token of SalesTalk has no tenant', () => {
  for (const text of [
    '',
    'nonsense',
    'a.b',
    'a.%%%.c',
    `a.${btoa('7')}.c`,
    tokenOf({ sub: 'x' }),
  ]) {
    assert.equal(tenantOfToken(text), null, text);
  }
});
