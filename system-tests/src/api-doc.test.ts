import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { apiDoc } from './api-doc.ts';

test('docs/api.md says what the procedures say (npx -y pnpm@12 docs:api writes it)', async () => {
  const written = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  expect(written).toBe(apiDoc().trimEnd().concat('\n'));
});
