import type { FailureKind } from './types.ts';

/** Why a question got no answer. `detail` is the service's own sentence, where it has one for the user. */
export class ChatFailure extends Error {
  readonly kind: FailureKind;
  readonly detail: string | null;

  constructor(kind: FailureKind, detail: string | null = null) {
    super(kind);
    this.name = 'ChatFailure';
    this.kind = kind;
    this.detail = detail;
  }
}
