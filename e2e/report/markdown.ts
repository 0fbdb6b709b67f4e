import { plainText } from '../core/plainText.ts';

/** A table in Markdown, of cells that hold no markup of their own; nothing without rows. */
export function markdownTable(head: string[], rows: string[][]): string {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** ASCII punctuation that can be markup somewhere in a line; a dot within a number and a dash within a word cannot. */
const MARKUP = /[\\`*_[\]<>()#+!|~&:@$/^]|(?<!\w)-|-(?!\w)|(?<!\d)\.|\.(?!\d)/g;

/**
 * Makes any text show as itself in Markdown, in a table cell too: a backslash before ASCII punctuation takes every meaning from it
 * (CommonMark 0.31, 2.4; GitHub's tables, autolinks and formulas rest on the same characters).
 */
export function escapeMarkdown(text: string): string {
  return plainText(text).replaceAll(MARKUP, '\\$&');
}
