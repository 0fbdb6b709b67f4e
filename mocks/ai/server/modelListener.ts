import { AiModel, type DefaultModel } from '../aiModel.ts';
import type { CallLog } from '../journal/callLog.ts';
import type { Scopes } from '../journal/scopes.ts';
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
}): RequestListener {
  const aiModel = new AiModel(options);
  const handlers = [...ollamaHandlers(aiModel), ...bedrockHandlers(aiModel)];
  return aiListener({ ...options, handlers });
}
