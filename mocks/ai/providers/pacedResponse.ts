import { HttpResponse } from 'msw/http';
import type { PacedAnswer } from './pacedAnswer.ts';

/**
 * A paced answer as MSW takes it: what it says is not in the response but in the plan that comes with it, which whoever sends it keeps to.
 * A stream and a set of headers between them would take as long as all else that MSW does with a call.
 */
export class PacedResponse extends HttpResponse<null> {
  readonly answer: PacedAnswer;

  constructor(answer: PacedAnswer) {
    super(null);
    this.answer = answer;
  }
}
