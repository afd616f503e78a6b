import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

/** The script and style of the page, with their hashes for the content security policy. */
export interface BuiltPage {
  readonly script: string;
  readonly style: string;
  readonly scriptHash: string;
  readonly styleHash: string;
}

const pathOf = (name: string) => fileURLToPath(new URL(`../page/${name}`, import.meta.url));

let building: Promise<BuiltPage> | undefined;

/** The page, built from its source at the first request and kept in memory only. */
export function builtPage(): Promise<BuiltPage> {
  building ??= build();
  return building;
}

async function build(): Promise<BuiltPage> {
  const { build: bundle, stop } = await import('esbuild');
  try {
    const { outputFiles } = await bundle({
      entryPoints: [pathOf('main.ts'), pathOf('style/panel.css')],
      bundle: true,
      write: false,
      outdir: '.',
      format: 'iife',
      target: 'es2022',
      minify: true,
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'silent',
      tsconfigRaw: {},
    });
    const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';
    const [script, style] = [textOf('.js'), textOf('.css')];
    return { script, style, scriptHash: hashOf(script), styleHash: hashOf(style) };
  } finally {
    // esbuild keeps a child process, which is not needed any more.
    await stop();
  }
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
