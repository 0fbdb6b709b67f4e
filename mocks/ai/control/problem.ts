import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An error of the control API: a stable code, and a message that says where, what was found, and what was expected. */
export function problem(
  context: Context,
  status: ContentfulStatusCode,
  error: string,
  message: string,
): Response {
  return context.json({ error, message }, status);
}
