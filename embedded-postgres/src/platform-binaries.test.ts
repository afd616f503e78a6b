import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { platformBinDir, restoreSymlinks } from './platform-binaries.ts';
import { newFolder } from './testing/started.ts';

test('on a platform without binaries the error names FECHATTER_DATABASE_URL', async () => {
  await expect(platformBinDir('sunos', 'sparc')).rejects.toThrow('FECHATTER_DATABASE_URL');
});

test('missing symlinks of the libraries are created', async () => {
  const native = join(await newFolder(), 'native');
  await mkdir(join(native, 'lib'), { recursive: true });
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library');
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  await Promise.all([restoreSymlinks(native), restoreSymlinks(native)]);
  expect(await realpath(join(native, 'lib', 'libpq.so.5'))).toBe(await realpath(join(native, 'lib', 'libpq.so.5.18')));
});
