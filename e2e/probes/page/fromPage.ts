import { HarnessError } from '../../core/harnessError.ts';

/**
 * What was asked of a page, or why it could not be: it crashed, was closed, or shows another document than the one that was watched.
 * `measured` names what is lost with it, such as "the answer". @throws HarnessError PAGE_LOST
 */
export async function fromPage<Value>(measured: string, asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    const [said] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new HarnessError({
      code: 'PAGE_LOST',
      summary: `The page was gone before ${measured} could be read from it.`,
      found: said ?? 'no reason',
      expected: 'the document that was opened for measuring, until it is read',
      remedy: 'see that nothing leaves, reloads or closes the page while it is measured',
    });
  }
}
