import { field, numberField, textField } from './field.ts';
import type { DataReference } from './types.ts';

/** More figures than a chat can show are cut off, so that no answer fills the page. */
const maxReferences = 50;

/** The `dataReferences` of a service's answer; `null` where it states none. */
export function readReferences(value: unknown): DataReference[] | null {
  if (!Array.isArray(value)) return null;
  return value.slice(0, maxReferences).map((reference: unknown) => {
    const source = field(reference, 'source');
    const key = [textField(source, 'pk'), textField(source, 'sk')].filter((part) => part !== null);
    return {
      metric: textField(reference, 'metric') ?? 'figure',
      period: textField(reference, 'period'),
      value: numberField(reference, 'value'),
      unit: textField(reference, 'unit'),
      table: textField(source, 'table'),
      key: key.length > 0 ? key.join(' / ') : null,
    };
  });
}
