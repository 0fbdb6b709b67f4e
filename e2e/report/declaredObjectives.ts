import type { TestCase } from '@playwright/test/reporter';

const ANNOTATION = 'objective';

/** Ids of the objectives that a test declares to judge, by annotations of this type. */
export function declaredObjectives({ annotations }: Pick<TestCase, 'annotations'>): string[] {
  return annotations.flatMap(({ type, description }) =>
    type === ANNOTATION && description !== undefined ? [description] : [],
  );
}
