import { element } from './element.ts';

/** Long enough for a screen reader to take it up. */
const keptMs = 3000;

/**
 * Says a sentence through a live region of its own. The conversation is not live itself: a narrative that streams in would be
 * read out in scraps, while this reads it once, when it is complete. What was said is removed soon, so that nobody
 * who reads the page finds every answer twice; an empty sentence removes it at once.
 */
export function mountAnnouncer(region: HTMLElement): (sentence: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (sentence) => {
    clearTimeout(timer);
    region.replaceChildren(...(sentence === '' ? [] : [element('span', '', sentence)]));
    timer = setTimeout(() => region.replaceChildren(), keptMs);
  };
}
