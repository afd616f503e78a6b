import { resolve } from 'node:path';
import { buildProduction } from './build/build-production.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: pnpm build <folder>\n\nMakes the folder anew, with all that production runs in it.\n');
  process.exitCode = 2;
} else {
  const { bytes } = await buildProduction(resolve(folder));
  process.stdout.write(`${resolve(folder)}: ${(bytes / 1_048_576).toFixed(1)} MiB\n`);
}
