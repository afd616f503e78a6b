import { fileURLToPath } from 'node:url';

const path = (from: string) => fileURLToPath(new URL(from, import.meta.url));

export const sdkDir = path('../..');
export const sourceDir = path('../../src');
/** What `tsc -b` wrote. */
export const emittedDir = path('../../dist/types');
/** The package as it is published. */
export const packageDir = path('../../dist/package');

/** The entries of the package, by the name of their export. */
export const entries = {
  '.': 'index',
  './store': 'store/index',
  './outbox': 'outbox/index',
  './files': 'files/index',
  './push': 'push/index',
  './react': 'react/index',
  './state': 'state/index',
  './webhooks': 'webhooks/index',
} as const;
export type Entry = (typeof entries)[keyof typeof entries];

/** `store/index` becomes `store`: the file that an export points to. */
export const fileOf = (entry: Entry): string => entry.replace(/\/index$/, '');
