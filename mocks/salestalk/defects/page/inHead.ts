/** Adds markup at the end of a page's head. */
export const inHead =
  (markup: string) =>
  (template: string): string =>
    template.replace('</head>', () => `  ${markup}\n  </head>`);
