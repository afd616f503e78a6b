/// <reference types="vite/client" />
import { expect, test } from 'vitest';
import { german } from './german.ts';

const english = import.meta.glob<string>('../*/texts.ts', { query: '?raw', import: 'default', eager: true });
const translations = import.meta.glob<string>('../*/texts.de.ts', { query: '?raw', import: 'default', eager: true });
const folderOf = (path: string) => path.split('/').at(-2) ?? '';

test('every folder with texts has a German file, which is registered', () => {
  const folders = Object.keys(english).map(folderOf);
  expect(Object.keys(translations).map(folderOf)).toEqual(folders);
  expect(Object.keys(german).toSorted()).toEqual(folders.toSorted());
});

test('texts are registered by the name of their folder', () => {
  for (const [path, source] of Object.entries(english)) expect(source).toContain(`translated('${folderOf(path)}', {`);
});

test('lists of texts are as long in German', () => {
  const loaded = import.meta.glob<{ readonly texts: object }>('../*/texts.ts', { eager: true });
  for (const [path, { texts }] of Object.entries(loaded)) {
    const translation = Object.entries(german).find(([folder]) => folder === folderOf(path))?.[1];
    expect(shapeOf(translation), path).toEqual(shapeOf(texts));
  }
});

const shapeOf = (texts: object | undefined) =>
  Object.fromEntries(
    Object.entries(texts ?? {}).map(([name, value]) => [name, Array.isArray(value) ? value.length : 1]),
  );
