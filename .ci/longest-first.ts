import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** What takes longest in a clean checkout: begun last, each would run alone at the end. */
const LONGEST = [
  'chaos/src/chaos.test.ts',
  'system-tests/src/demo.test.ts',
  'system-tests/src/start.test.ts',
  'system-tests/src/authorisation-over-rest.test.ts',
  'system-tests/src/authorisation-over-trpc.test.ts',
  'system-tests/src/mutation-property.test.ts',
  'deploy/src/topology.test.ts',
];

/** Begins with the longest files; the others follow in Vitest's order. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  const index = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
  return index === -1 ? LONGEST.length : index;
}
