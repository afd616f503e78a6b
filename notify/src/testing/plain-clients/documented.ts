import { readFile } from 'node:fs/promises';

const page = new URL('../../../../docs/plain-sse.md', import.meta.url);

/** A block of docs/plain-sse.md: the first one in its language that contains these words. */
export async function documented(language: 'sh' | 'js', words: string): Promise<string> {
  const text = await readFile(page, 'utf8');
  const blocks = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)];
  const found = blocks.find(([, of, block = '']) => of === language && block.includes(words))?.[2];
  if (found === undefined) throw new Error(`docs/plain-sse.md has no ${language} block with “${words}”`);
  return found;
}
