import { AiModel, type DefaultModel } from '../aiModel.ts';
import type { Scopes } from '../behaviour/scopes.ts';
import type { CallLog } from '../journal/callLog.ts';
import { bedrockHandlers } from '../providers/bedrockHandlers.ts';
import { ollamaHandlers } from '../providers/ollamaHandlers.ts';
import { aiListener } from './aiListener.ts';
import type { RequestListener } from './serveBothProtocols.ts';

/** The model providers, as what a server does with a request. */
export function modelListener(options: {
  scopes: Scopes;
  log: CallLog;
  defaults: DefaultModel;
  isRefusing: () => boolean;
  /** Where it listens. */
  host: string;
}): RequestListener {
  const aiModel = new AiModel(options);
  const handlers = [...ollamaHandlers(aiModel), ...bedrockHandlers(aiModel)];
  return aiListener({ ...options, handlers, isOwnHost: ownHosts(options.host) });
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * On loopback only callers on this machine are meant, and a web page that had its own name resolved to 127.0.0.1 would be another. Elsewhere
 * the mock cannot know under which names it is reached.
 */
function ownHosts(listening: string): (host: string | undefined) => boolean {
  if (!LOOPBACK.test(listening)) return () => true;
  return (host) => host !== undefined && LOOPBACK.test(host.replace(/:\d+$/, ''));
}
