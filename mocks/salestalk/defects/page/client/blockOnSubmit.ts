const BLOCKED_MS = 300;

function block(): void {
  const endMs = performance.now() + BLOCKED_MS;
  while (performance.now() < endMs);
}

const isBusy = (): boolean => document.querySelector('[data-action="ask"][hidden]') !== null;

const isAsked = (field: Element | null): boolean =>
  field instanceof HTMLTextAreaElement && field.value.trim() !== '' && !isBusy();

// The capture phase comes before the page's own listeners, which send the request.
const CAPTURE = { capture: true };

function blockOnEnter(event: KeyboardEvent): void {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  if (event.target instanceof Element && isAsked(event.target)) block();
}

function blockOnSubmit({ target }: Event): void {
  if (target instanceof Element && isAsked(target.querySelector('textarea'))) block();
}

function blockOnClick({ target }: Event): void {
  const asking = '[data-action="example"], [data-action="retry"]';
  if (target instanceof Element && target.closest(asking) !== null && !isBusy()) block();
}

// Enter fires no submit event.
addEventListener('keydown', blockOnEnter, CAPTURE);
addEventListener('submit', blockOnSubmit, CAPTURE);
addEventListener('click', blockOnClick, CAPTURE);
