import { field, numberField, textField } from './field.ts';
import type { Classification } from './types.ts';

/** The classification of a service's answer; `null` where there is none. */
export function readClassification(value: unknown): Classification | null {
  if (typeof value !== 'object' || value === null) return null;
  return {
    intent: textField(value, 'intent'),
    subject: textField(value, 'subject'),
    measure: textField(value, 'measure'),
    period: textField(field(value, 'time'), 'period'),
    confidence: numberField(field(value, 'confidence'), 'overall'),
  };
}
