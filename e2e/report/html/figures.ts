import { raw } from 'hono/html';
import { type Html, html } from './template.ts';

/** More would take the page beyond what is opened at once on a phone. The other parts of a page take a few hundred kilobytes. */
const MOST_BYTES = 1_200_000;

/** Where a figure's measurements are listed. */
export type Source = { anchor: string };

/** Draws the figures of a page until they take too many bytes. A figure that cannot be drawn says so, and the page stands. */
export class Figures {
  #bytes = 0;
  #drawn = 0;
  #leftOut = 0;

  /** @param draw the SVG of a chart; null: there is nothing to draw */
  add(caption: string, draw: () => string | null, source?: Source): Html | null {
    if (this.#bytes > MOST_BYTES) {
      this.#leftOut++;
      return null;
    }
    try {
      const svg = draw();
      if (svg === null) return null;
      const image = inlineSvg(svg, `f${this.#drawn++}-`);
      this.#bytes += image.length;
      return html`<figure><figcaption>${caption}${source !== undefined && html` <a href="#${source.anchor}">Its measurements</a>`}</figcaption>
<div class="chart" tabindex="0" role="group" aria-label="${caption}">${raw(image)}</div></figure>\n`;
    } catch (error) {
      return html`<p class="muted">${caption} This figure could not be drawn: ${String(error)}</p>`;
    }
  }

  /** Says how many figures are missing; null: none. */
  describeLeftOut(): string | null {
    if (this.#leftOut === 0) return null;
    return `${this.#leftOut} more figures are left out to keep this page small. Playwright's report has the plot of each objective.`;
  }
}

/**
 * Prepares a chart for a page with a strict policy: styles in attributes become attributes, and its ids differ from those of all others. Text
 * in a chart holds no quotes, since ECharts escapes them, so that no text matches.
 */
function inlineSvg(svg: string, prefix: string): string {
  return svg
    .replaceAll(/ style="([^"]*)"/g, (_, style: string) => {
      const size = /([\d.]{1,12})px/.exec(style)?.[1];
      const bold = style.includes('bold') ? ' font-weight="bold"' : '';
      return size === undefined ? bold : ` font-size="${size}"${bold}`;
    })
    .replaceAll(/(?<=\bid="|"url\(#)/g, prefix)
    .replaceAll(/\p{C}/gu, ' ')
    .replaceAll('##[', '## [');
}
