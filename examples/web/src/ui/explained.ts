import { texts } from './texts.ts';

/** An error as a sentence for people. The sentences are loaded with the first one. */
export async function explained(error: unknown): Promise<string> {
  try {
    return (await import('../refusals/sentence-of.ts')).sentenceOf(error);
  } catch {
    return texts.unexplained;
  }
}
