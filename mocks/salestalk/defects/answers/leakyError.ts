import type { Defect } from '../defect.ts';
import { rewriteBody } from './rewriteBody.ts';

/** A service that tells its callers what only its operator should know. */
export const leakyError: Defect = {
  name: 'leaky-error',
  description:
    "a failure of the model tells of the provider's URL and status, and of the caller's token",
  around: ({ aiUrl }) =>
    rewriteBody({ status: 502, event: 'error' }, (body, c) => {
      if (body.error !== 'AIProviderError') return body;
      const cause = c.error?.message ?? 'the stream broke off';
      const authorization = c.req.header('Authorization');
      return { ...body, message: `POST ${aiUrl}: ${cause} (Authorization: ${authorization})` };
    }),
};
