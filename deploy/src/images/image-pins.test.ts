import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../build/root.ts';
import { imagesIn, unpinnedIn, withDigests } from './image-pins.ts';

const shipped = await Promise.all(
  ['Dockerfile', 'deploy/compose/compose.yaml'].map((file) => readFile(join(root, file), 'utf8')),
);
const digest = `sha256:${'0a'.repeat(32)}`;

test('each third-party image is found once', () => {
  const nameOf = (image: string) => image.replace(/[:@].*/, '');
  expect(shipped.map((text) => imagesIn(text).map(nameOf))).toEqual([['node'], ['postgres', 'nginx']]);
});

test.each(['Dockerfile', 'compose.yaml'])(
  'digests are written into %s beside the tags, and nothing else changes',
  (name) => {
    const text = shipped[name === 'Dockerfile' ? 0 : 1] ?? '';
    const pinned = withDigests(text, new Map(imagesIn(text).map((image) => [image, digest])));
    expect(unpinnedIn(pinned)).toEqual([]);
    expect(pinned.replaceAll(`@${digest}`, '')).toBe(text.replaceAll(/@sha256:[\da-f]{64}/g, ''));
    const other = `sha256:${'1b'.repeat(32)}`;
    const again = withDigests(pinned, new Map(imagesIn(pinned).map((image) => [image, other])));
    expect(again).toBe(pinned.replaceAll(digest, other));
  },
);
