import { element, requireElement, requirePart } from './elements.ts';

export function mountHistory(nav: HTMLElement, onChoose: (entryId: string) => void) {
  const list = requirePart(nav, 'history-list');
  const toggle = requireElement(nav, '[data-action="toggle-history"]', HTMLButtonElement);
  const bound = requireElement(nav, '.history-bound', HTMLElement);
  const open = (isOpen: boolean): void => {
    toggle.ariaExpanded = String(isOpen);
  };

  nav.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest('button') === toggle) {
      open(toggle.ariaExpanded !== 'true');
      return;
    }
    const entryId = event.target.closest('li')?.dataset.entry;
    if (entryId === undefined) return;
    open(false);
    onChoose(entryId);
  });

  nav.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || toggle.ariaExpanded !== 'true') return;
    open(false);
    toggle.focus();
  });

  return {
    add(entryId: string, question: string): void {
      const button = element('button', '', question);
      button.type = 'button';
      const item = element('li', '', button);
      item.dataset.entry = entryId;
      list.prepend(item);
    },
    /** Removes an entry and shows the note that earlier questions are not kept. */
    drop(entryId: string): void {
      list.querySelector(`li[data-entry="${entryId}"]`)?.remove();
      bound.hidden = false;
    },
    clear(): void {
      list.replaceChildren();
      bound.hidden = true;
      open(false);
    },
  };
}
