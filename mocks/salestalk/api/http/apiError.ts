/** Body of every answer that is not a success. */
export type ErrorBody = { error: string; message: string; requestId: string };

export type ErrorStatus = 400 | 401 | 404 | 405 | 500 | 502;

/** A failure that the caller is told about, with its status and the `error` code of the body. */
export class ApiError extends Error {
  readonly status: ErrorStatus;
  readonly code: string;

  constructor(status: ErrorStatus, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }

  body(requestId: string): ErrorBody {
    return { error: this.code, message: this.message, requestId };
  }
}
