import { type raw, html as template } from 'hono/html';
import { plainText } from '../../core/terminalText.ts';

/** Markup that is safe to insert. */
export type Html = ReturnType<typeof raw>;

type Part = string | number | false | null | undefined | readonly Part[];

/**
 * Hono's template, for a page that may hold text of the target: every inserted text loses its control and bidirectional characters and is
 * escaped. Only what this function made itself is inserted as it is.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const made = template(strings, ...values.map(makePlain));
  if (made instanceof Promise) throw new TypeError('a page has no parts that come later');
  return made;
}

/** Markup is a String object, which is not of type "string" when the program runs. */
function makePlain(part: Part): unknown {
  if (Array.isArray(part)) return part.map(makePlain);
  return typeof part === 'string' ? plainText(part) : part;
}

/** Text of several lines, such as a command below a sentence: the lines after the first are code. */
export function linesOf(text: string): Html {
  const [first = '', ...rest] = text.split('\n');
  return html`${first}${rest.map((line) => html`<br><code>${line}</code>`)}`;
}

/** `a, b and c`. */
export const LIST = new Intl.ListFormat('en-GB');

type HtmlTable = { caption: string; head: readonly Part[]; rows: readonly (readonly Part[])[] };

/** A table whose first column names its rows. */
export function table({ caption, head, rows }: HtmlTable): Html {
  const cells = ([name, ...others]: readonly Part[]) =>
    html`<tr><th scope="row">${name}</th>${others.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => (cell === '' ? html`<td></td>` : html`<th scope="col">${cell}</th>`))}</tr></thead>
<tbody>${rows.map(cells)}</tbody>
</table></div>\n`;
}

export function list(items: readonly Part[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>\n`)}</ul>`;
}
