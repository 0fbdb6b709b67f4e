import { element } from './element.ts';
import { plainClassification } from './plainClassification.ts';
import type { Classification } from './types.ts';

/** Shows how the question was understood, as a list of terms. */
export function showClassification(list: HTMLElement, classification: Classification): void {
  const pairs = plainClassification(classification).map(([label, words]) =>
    element('div', '', element('dt', '', label), element('dd', '', words)),
  );
  list.hidden = pairs.length === 0;
  list.replaceChildren(...pairs);
}
