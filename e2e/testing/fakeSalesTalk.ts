import type { RequestListener, ServerResponse } from 'node:http';
import { type FakeServer, fakeServer, readText, sendJson } from '../probes/testing/fakeServer.ts';
import { chatBody, classifyBody, referenceOf } from '../salestalk/testing/exchanges.ts';
import type { FakeAiMock } from './fakeAiMock.ts';

/** A request to the fake: scope and index come from the nonce, the tenant from the token. */
export type FakeAsked = { scope: string; index: number; path: string; tenant: string };

export type FakeSalesTalkOptions = {
  /** Its journal gets the calls of the model: one for classify, two for chat. */
  aiMock?: FakeAiMock;
  /** Answers in place of the fake if it returns true. */
  instead?: (asked: FakeAsked, response: ServerResponse) => boolean | Promise<boolean>;
};

export type FakeSalesTalk = FakeServer & {
  /** In the order of arrival, `/health` left out. */
  asked: FakeAsked[];
  noops(): number;
};

export const tokenOf = (tenant: string): string => `token-of-${tenant}`;

/** A SalesTalk that gives every answer at once and without a failure, unless `instead` answers. */
export async function fakeSalesTalk(options: FakeSalesTalkOptions = {}): Promise<FakeSalesTalk> {
  const { aiMock, instead = () => false } = options;
  const log: FakeAsked[] = [];
  let noops = 0;
  const listener: RequestListener = async (request, response) => {
    const { url: path = '', headers } = request;
    const text = await readText(request);
    if (path === '/health') {
      noops++;
      return sendJson(response, 200, { status: 'ok' });
    }
    const [, scope = '', index] = /\[ref:([0-9a-f]{8})-(\d+)\]/.exec(text) ?? [];
    const tenant = String(headers.authorization).replace(/^Bearer token-of-/, '');
    const asked = { scope, index: Number(index), path, tenant };
    log.push(asked);
    if (await instead(asked, response)) return;
    const requestId = String(headers['x-request-id']);
    response.setHeader('x-request-id', requestId);
    const place = { scope, index: asked.index };
    if (path === '/classify') {
      aiMock?.call({ ...place, kind: 'classification' });
      sendJson(response, 200, { ...classifyBody(), requestId, tenantId: tenant });
    } else {
      aiMock?.call({ ...place, kind: 'classification' }, { ...place, kind: 'narrative' });
      const dataReferences = [referenceOf(tenant)];
      const sessionId = crypto.randomUUID();
      sendJson(response, 200, { ...chatBody(), requestId, sessionId, dataReferences });
    }
  };
  const server = await fakeServer(listener);
  return { ...server, asked: log, noops: () => noops };
}
