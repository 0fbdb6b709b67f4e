import { epochMs } from '../clock.ts';
import type { Call } from '../journal/callLog.ts';
import type { NodeBindings } from './nodeBindings.ts';
import { Outlet } from './outlet.ts';
import { resetConnection } from './resetConnection.ts';

/** Sends a response of MSW's at once: what is no answer of a model. An error response becomes a reset. */
export async function sendResponse(
  response: Response,
  env: NodeBindings,
  call: Call,
): Promise<void> {
  if (response.type === 'error') {
    call.brokenOffAtMs = epochMs();
    return resetConnection(env);
  }
  const { status, headers, body } = response;
  const outlet = new Outlet({
    outgoing: env.outgoing,
    call,
    status,
    headers: Object.fromEntries(headers),
  });
  for await (const bytes of body ?? []) await outlet.write(bytes);
  outlet.end();
}
