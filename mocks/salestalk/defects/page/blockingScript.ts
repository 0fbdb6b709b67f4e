import type { Defect } from '../defect.ts';
import { delayFile } from './delayFile.ts';
import { inHead } from './inHead.ts';

const file = 'tags.js';
const body = 'document.documentElement.dataset.tags = "loaded";\n';

/** A script of the kind that others ask to put into every page. */
export const blockingScript: Defect = {
  name: 'blocking-script',
  description: 'the page shows nothing before a script that comes 1.5 s late',
  page: (tools) => ({
    changeFiles: (files) =>
      new Map([...files, [file, { body, contentType: 'text/javascript; charset=utf-8' }]]),
    changeHtml: inHead(`<script src="/assets/{version}/${file}"></script>`),
    around: [delayFile(tools, file, 1500)],
  }),
};
