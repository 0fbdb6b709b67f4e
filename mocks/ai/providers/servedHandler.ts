import { HttpHandler } from 'msw/http';

type Run = HttpHandler['run'];

/**
 * A handler of MSW that is served over HTTP. It matches requests and says what answers them as MSW's own do; of what MSW does around that
 * for a process that it intercepts, it leaves out what nothing here uses and what takes most of the time: the copy of each request for
 * a log, and cleanup after a resolver.
 */
export class ServedHandler<Params extends Record<string, string>> extends HttpHandler {
  readonly #answer: (asked: { request: Request; params: Params }) => Response | Promise<Response>;

  constructor(
    method: string | RegExp,
    path: string,
    answer: (asked: { request: Request; params: Params }) => Response | Promise<Response>,
  ) {
    super(method, path, answer);
    this.#answer = answer;
  }

  override async run({ request, requestId }: Parameters<Run>[0]): ReturnType<Run> {
    const parsedResult = await this.parse({ request });
    if (!(await this.predicate({ request, parsedResult }))) return null;
    const params = parsedResult.match.params as Params;
    const response = await this.#answer({ request, params });
    return { handler: this, request, requestId, response, parsedResult };
  }
}
