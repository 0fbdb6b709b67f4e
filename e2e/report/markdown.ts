import { plainText } from '../core/terminalText.ts';

/** A Markdown table of escaped cells; empty without rows. */
export function markdownTable(head: string[], rows: string[][]): string {
  if (rows.length === 0) return '';
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** ASCII punctuation that can be markup; a dot within a number and a dash within a word cannot. */
const MARKUP = /[\\`*_[\]<>()#+!|~&:@$/^]|(?<!\w)-|-(?!\w)|(?<!\d)\.|\.(?!\d)/g;

/**
 * Escapes text for Markdown and its table cells: a backslash removes the meaning of ASCII punctuation (CommonMark 0.31, 2.4; GitHub's
 * tables, autolinks and formulas use the same characters).
 */
export function escapeMarkdown(text: string): string {
  return plainText(text).replaceAll(MARKUP, '\\$&');
}
