import { element } from './element.ts';
import { formatFigure } from './formatFigure.ts';
import { formatPeriod } from './formatPeriod.ts';
import { plainName } from './plainName.ts';
import { requireElement } from './requireElement.ts';
import type { DataReference } from './types.ts';

/** Lists where each figure comes from: what it is, then the table and key it was read at. */
export function showSources(sources: HTMLElement, references: readonly DataReference[]): void {
  sources.hidden = references.length === 0;
  const list = requireElement(sources, 'ul', HTMLUListElement);
  list.replaceChildren(...references.map(sourceItem));
}

function sourceItem(reference: DataReference): HTMLLIElement {
  const { metric, period, value, unit, table, key } = reference;
  const name =
    period === null ? plainName(metric) : `${plainName(metric)}, ${formatPeriod(period)}`;
  const figure = value === null ? 'no figure' : formatFigure(value, unit);
  const item = element('li', '', element('span', 'source-figure', `${name}: ${figure}`));
  if (table !== null) {
    const place = element('span', 'source-place', element('code', '', table));
    if (key !== null) place.append(' ', element('code', '', key));
    item.append(' ', place);
  }
  return item;
}
