import type { Server } from 'node:net';
import { AiModel, type DefaultModel } from '../aiModel.ts';
import type { CallLog } from '../journal/callLog.ts';
import type { Scopes } from '../journal/scopes.ts';
import { bedrockHandlers } from '../providers/bedrockHandlers.ts';
import { ollamaHandlers } from '../providers/ollamaHandlers.ts';
import { aiListener } from './aiListener.ts';
import { serveBothProtocols } from './serveBothProtocols.ts';

/** The model providers' server, not listening yet. */
export function createAiServer(options: {
  scopes: Scopes;
  log: CallLog;
  defaults: DefaultModel;
}): Server {
  const aiModel = new AiModel(options);
  const handlers = [...ollamaHandlers(aiModel), ...bedrockHandlers(aiModel)];
  return serveBothProtocols(aiListener({ handlers, log: options.log }));
}
