import { HttpHandler, HttpResponse } from 'msw/http';
import type { PacedAnswer } from './pacedAnswer.ts';
import { ServedRequest } from './servedRequest.ts';

type Run = HttpHandler['run'];
type Asked<Params> = { request: ServedRequest; params: Params };
type Answer = Response | PacedAnswer;

/** Tells MSW that its handler has an answer. What that says stands in the request: a response of its own for each call would take as long as MSW's matching. */
const ANSWERED = new HttpResponse(null);

/**
 * A handler of MSW that is served over HTTP. It matches requests and says what answers them as MSW's own do; of what MSW does around that
 * for a process that it intercepts, it leaves out what nothing here uses and what takes most of the time: the copy of each request for
 * a log, and cleanup after a resolver.
 */
export class ServedHandler<
  Params extends Record<string, string> = Record<string, never>,
> extends HttpHandler {
  readonly #answer: (asked: Asked<Params>) => Answer;

  constructor(method: string | RegExp, path: string, answer: (asked: Asked<Params>) => Answer) {
    super(method, path, () => undefined);
    this.#answer = answer;
  }

  override async run({ request, requestId }: Parameters<Run>[0]): ReturnType<Run> {
    const parsedResult = await this.parse({ request });
    if (!(await this.predicate({ request, parsedResult }))) return null;
    const served = ServedRequest.fromMsw(request);
    const params = parsedResult.match.params as Params;
    const answer = this.#answer({ request: served, params });
    if (answer instanceof Response)
      return { handler: this, request, requestId, response: answer, parsedResult };
    served.answer = answer;
    return { handler: this, request, requestId, response: ANSWERED, parsedResult };
  }
}
