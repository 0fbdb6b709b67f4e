const BLOCKED_MS = 300;

function block(): void {
  const endMs = performance.now() + BLOCKED_MS;
  while (performance.now() < endMs);
}

/** Whether an answer is under way. */
const isBusy = (): boolean => document.querySelector('[data-action="ask"][hidden]') !== null;

const isAsked = (field: Element | null): boolean =>
  field instanceof HTMLTextAreaElement && field.value.trim() !== '' && !isBusy();

// In the capture phase, before the page sends its request.
function before<Type extends keyof WindowEventMap>(
  type: Type,
  listener: (event: WindowEventMap[Type]) => void,
): void {
  addEventListener(type, listener, { capture: true });
}

// Enter fires no submit event.
before('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  if (event.target instanceof Element && isAsked(event.target)) block();
});
before('submit', ({ target }) => {
  if (target instanceof Element && isAsked(target.querySelector('textarea'))) block();
});
before('click', ({ target }) => {
  const asking = '[data-action="example"], [data-action="retry"]';
  if (target instanceof Element && target.closest(asking) !== null && !isBusy()) block();
});
