/** A question as one line, so that nothing in it can pass for another line of the prompt. */
export function oneLine(question: string): string {
  return question.replace(/\s+/g, ' ').trim();
}
