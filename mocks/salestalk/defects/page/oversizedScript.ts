import type { Defect } from '../defect.ts';
import { inHead } from './inHead.ts';

const file = 'library.js';
const sizeBytes = 1_500_000;

/** A whole library for the sake of nothing. */
export const oversizedScript: Defect = {
  name: 'oversized-script',
  description: 'the page loads a script of 1.5 MB that it does not use',
  page: ({ share }) => ({
    changeFiles: (files) =>
      new Map([
        ...files,
        [file, { body: library(share), contentType: 'text/javascript; charset=utf-8' }],
      ]),
    changeHtml: inHead(`<script defer src="/assets/{version}/${file}"></script>`),
  }),
};

/** Functions that nobody calls. Their texts are drawn, or compression would make little of them. */
function library(share: () => number): string {
  const functions: string[] = [];
  for (let length = 0; length < sizeBytes; ) {
    const text = Array.from({ length: 40 }, () => share().toString(36).slice(2)).join('');
    const unused = `function unused${functions.length}() { return '${text}'; }\n`;
    functions.push(unused);
    length += unused.length;
  }
  return functions.join('');
}
