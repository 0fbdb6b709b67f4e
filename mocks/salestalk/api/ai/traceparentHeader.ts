/** A build middleware of the AWS SDK that sends `traceparent` with a command; null sends none. */
export function traceparentHeader(traceparent: string | null) {
  return <Args extends { request: unknown }, Result>(next: (args: Args) => Promise<Result>) =>
    (args: Args): Promise<Result> => {
      const { request } = args;
      if (traceparent !== null && typeof request === 'object' && request !== null) {
        if ('headers' in request) Object.assign(request.headers as object, { traceparent });
      }
      return next(args);
    };
}
