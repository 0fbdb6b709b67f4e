import type { Defect } from '../defect.ts';
import { delayFile } from './delayFile.ts';

const file = 'banner.svg';

/** A banner larger than anything else, which arrives long after it. Its place is kept free, so that nothing moves. */
export const lateLargestElement: Defect = {
  name: 'late-largest-element',
  description: 'a banner, the largest element of the first view, comes 3 s late',
  page: (tools) => ({
    changeFiles: (files) =>
      new Map([...files, [file, { body: banner(tools.share), contentType: 'image/svg+xml' }]]),
    changeHtml: (template) =>
      template.replace(
        '</header>',
        `</header>\n    <img src="/assets/{version}/${file}" alt="" width="100%" height="320">`,
      ),
    around: [delayFile(tools, file, 3000)],
  }),
};

/**
 * Bars of drawn heights. Chromium takes a picture of less than 0.05 bit a pixel for a background, which is no largest element:
 * https://developer.chrome.com/blog/lcp-ignore-low-entropy-images
 */
function banner(share: () => number): string {
  const bars = Array.from({ length: 400 }, (_, index) => {
    const height = Math.round(share() * 320);
    return `<rect x="${index * 4}" y="${320 - height}" width="3" height="${height}" fill="#0a7d70"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 320" preserveAspectRatio="none">${bars.join('')}</svg>`;
}
