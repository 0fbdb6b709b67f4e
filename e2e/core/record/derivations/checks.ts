import type { RequestLine } from '../recordLine.ts';
import { type Derivation, eachRequest } from './derivation.ts';
import { callsUnderFault } from './retries.ts';

/** A check that the driver makes of each answer it is due for; one that was not made is missing. */
function check(name: string, isDue: (request: RequestLine) => boolean): Derivation {
  return eachRequest((request) => {
    if (!isDue(request)) return null;
    const held = request.checks[name];
    return held === undefined ? 'missing' : { value: null, bad: !held };
  });
}

/** A check of every answered request. */
export function checkOfAnswered(name: string): Derivation {
  return check(name, ({ failure }) => failure === null);
}

export const isolation = checkOfAnswered('isolation');

/** An answer of a model that was well shows nothing; one that is unsound all the same stays so. */
export const soundness: Derivation = eachRequest((request, given) => {
  const held = request.checks.soundness;
  if (held === undefined) return 'missing';
  return held && callsUnderFault(request, given) === null ? 'missing' : { value: null, bad: !held };
});

export const page = check('page', () => true);

/** A caller whose connection broke off was told nothing, which is no form that a contract has. Pages speak to people. */
export const contract = check(
  'contract',
  ({ failure, values, via }) => failure !== null && values.leftMs === undefined && via === 'api',
);

export const secrecy = check('secrecy', reportsFailure);

/** Was the caller told that there is no answer? */
export function reportsFailure({ failure, status, values }: RequestLine): boolean {
  return failure !== null && status !== null && values.leftMs === undefined;
}
