import type {
  CheckName,
  LineOf,
  MadeChecks,
  MeasurementKind,
  MeasurementLine,
  RequestLine,
} from '../measurementLine.ts';
import { type Derivation, eachLine, eachRequest } from './derivation.ts';
import { callsUnderFault } from './retries.ts';

/** A check that the driver makes of each answer it is due for; one that was not made is missing. */
function check<Kind extends MeasurementKind>(
  kind: Kind,
  name: CheckName,
  isDue: (line: LineOf<Kind>) => boolean,
): Derivation {
  return eachLine([kind], (line) => {
    if (!isDue(line)) return null;
    const held = checksOf(line)[name];
    return held === undefined ? 'missing' : { value: null, bad: !held };
  });
}

function checksOf(line: MeasurementLine): MadeChecks {
  return 'checks' in line ? line.checks : {};
}

/** A check of all that were answered. */
export function checkOfAnswered(kind: MeasurementKind, name: CheckName): Derivation {
  return check(kind, name, ({ failure }) => failure === null);
}

export const isolation = checkOfAnswered('request', 'isolation');

/** An answer of a model that was well shows nothing; one that is unsound all the same stays so. */
export const soundness: Derivation = eachRequest((request, given) => {
  const held = request.checks.soundness;
  if (held === undefined) return 'missing';
  return held && callsUnderFault(request, given) === null ? 'missing' : { value: null, bad: !held };
});

export const page = check('iteration', 'page', () => true);

/** A caller whose connection broke off got no answer, and no contract has that form. */
export const contract = check(
  'request',
  'contract',
  ({ failure, values }) => failure !== null && values.leftMs === undefined,
);

export const secrecy = check('request', 'secrecy', reportsFailure);

/** Was the caller told that there is no answer? */
export function reportsFailure({ failure, status, values }: RequestLine): boolean {
  return failure !== null && status !== null && values.leftMs === undefined;
}
