import { AiCallError } from '../../api/ai/aiCallError.ts';
import type { Defect } from '../defect.ts';
import { credulousClassification } from './credulousClassification.ts';

/** A service that believes whatever its model writes. */
export const malformedPassedOn: Defect = {
  name: 'malformed-passed-on',
  description: 'a classification that is none, or whose confidence is out of range, becomes a 200',
  services: (services) => ({
    ...services,
    readClassification(text) {
      try {
        return services.readClassification(text);
      } catch (failure) {
        const isMalformed = failure instanceof AiCallError && failure.reason === 'malformed';
        if (isMalformed) return credulousClassification(text);
        throw failure;
      }
    },
  }),
};
