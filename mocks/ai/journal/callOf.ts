import { epochMs } from '../epochMs.ts';
import { type Call, newCall } from './call.ts';

const calls = new WeakMap<Request, Call>();

/** The call that a request is. The server asks first, so that the arrival is stamped before anything is read. */
export function callOf(request: Request): Call {
  let call = calls.get(request);
  if (call === undefined) {
    call = newCall(epochMs());
    calls.set(request, call);
  }
  return call;
}
