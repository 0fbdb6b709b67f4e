import { requireElement } from './elements.ts';

export function mountComposer(
  form: HTMLElement,
  on: { ask: (question: string) => void; stop: () => void },
) {
  const fields = requireElement(form, 'fieldset', HTMLFieldSetElement);
  const text = requireElement(form, 'textarea', HTMLTextAreaElement);
  const ask = requireElement(form, '[data-action="ask"]', HTMLButtonElement);
  const stop = requireElement(form, '[data-action="stop"]', HTMLButtonElement);
  let isBusy = false;

  const submit = (): void => {
    const question = text.value.trim();
    if (isBusy || question === '') return;
    text.value = '';
    // Takes the field out and puts it back: Chromium otherwise keeps its undo history, two text nodes for each question.
    ask.before(text);
    on.ask(question);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  text.addEventListener('keydown', (event) => {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  stop.addEventListener('click', on.stop);

  return {
    /** While an answer is under way, the Stop button replaces Ask. */
    setBusy(busy: boolean): void {
      isBusy = busy;
      ask.hidden = busy;
      stop.hidden = !busy;
    },
    setDraft(question: string): void {
      text.value = question;
    },
    enable(): void {
      fields.disabled = false;
    },
    focus(): void {
      text.focus({ preventScroll: true });
    },
  };
}
