import { type Rewrite, rewriteBody } from './rewriteBody.ts';

/** Changes every good answer: the JSON of one, the `complete` event of a stream. Errors and other events stay as they are. */
export const rewriteAnswers = (rewrite: Rewrite) =>
  rewriteBody({ status: 200, event: 'complete' }, rewrite);
