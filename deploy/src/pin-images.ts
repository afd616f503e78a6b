import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './build/root.ts';
import { imagesIn, unpinnedIn, withDigests } from './images/image-pins.ts';

// `images:check` fails if an image is named by its tag alone; `images:pin` writes the current digests of the tags. It
// needs Docker with buildx and access to the registry.

const run = promisify(execFile);
const files = ['Dockerfile', 'deploy/compose/compose.yaml'].map((file) => join(root, file));

async function digestOf(image: string): Promise<string> {
  const [tagged = image] = image.split('@');
  const { stdout } = await run('docker', ['buildx', 'imagetools', 'inspect', tagged, '--format', '{{json .Manifest}}']);
  const { digest } = JSON.parse(stdout) as { digest?: unknown };
  if (typeof digest !== 'string' || !/^sha256:[\da-f]{64}$/.test(digest)) throw new Error(`${image} has no digest`);
  return digest;
}

async function pin(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const digests = await Promise.all(imagesIn(text).map(async (image) => [image, await digestOf(image)] as const));
  await writeFile(file, withDigests(text, new Map(digests)));
}

if (process.argv.includes('--pin')) for (const file of files) await pin(file);
for (const file of files) {
  for (const image of unpinnedIn(await readFile(file, 'utf8'))) {
    process.stderr.write(`${file}: ${image} is named by its tag alone; run "npx -y pnpm@12 images:pin"\n`);
    process.exitCode = 1;
  }
}
