import { NONCE } from './readCallReference.ts';

/** Where prompts put the question, most explicit first. The last occurrence counts: examples and history come before it. */
const PLACES = [
  /<question>\s*([\s\S]*?)\s*<\/question>/gi,
  /^[ \t]*(?:\*\*)?(?:user(?:'s)? )?question(?:\*\*)?[ \t]*[:=](?:\*\*)?[ \t]*(\S.*)$/gim,
  /^[ \t]*(?:user(?:'s)? )?(?:query|input|message|request)[ \t]*[:=][ \t]*(\S.*)$/gim,
  /^[ \t]*(\S.*\?.*)$/gim,
  /^[ \t]*(\S.*)$/gm,
];

/** The user's question in a prompt, without its nonce and its quotation marks; empty if the prompt is blank. */
export function readQuestion(prompt: string): string {
  for (const place of PLACES) {
    let found: string | undefined;
    for (const match of prompt.matchAll(place)) found = match[1];
    if (found !== undefined) return stripped(found);
  }
  return '';
}

function stripped(question: string): string {
  return question
    .replace(new RegExp(NONCE.source, 'g'), '')
    .trim()
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim();
}
