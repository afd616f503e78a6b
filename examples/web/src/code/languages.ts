import type { LanguageFn } from 'highlight.js';

type Loader = () => Promise<{ readonly default: LanguageFn }>;

/** A language, and what people write behind the fence for it; each is a file of its own, which its first block loads. */
const languages: readonly (readonly [load: Loader, ...names: string[]])[] = [
  [() => import('highlight.js/lib/languages/typescript'), 'typescript', 'ts', 'tsx', 'mts', 'cts'],
  [() => import('highlight.js/lib/languages/javascript'), 'javascript', 'js', 'jsx', 'mjs', 'cjs', 'node'],
  [() => import('highlight.js/lib/languages/json'), 'json', 'json5', 'jsonc'],
  [() => import('highlight.js/lib/languages/xml'), 'xml', 'html', 'svg', 'xhtml', 'vue'],
  [() => import('highlight.js/lib/languages/css'), 'css'],
  [() => import('highlight.js/lib/languages/scss'), 'scss', 'sass'],
  [() => import('highlight.js/lib/languages/bash'), 'bash', 'sh', 'zsh', 'shell', 'console'],
  [() => import('highlight.js/lib/languages/powershell'), 'powershell', 'ps1', 'pwsh'],
  [() => import('highlight.js/lib/languages/python'), 'python', 'py', 'py3'],
  [() => import('highlight.js/lib/languages/sql'), 'sql', 'postgres', 'postgresql', 'psql', 'mysql'],
  [() => import('highlight.js/lib/languages/yaml'), 'yaml', 'yml'],
  [() => import('highlight.js/lib/languages/ini'), 'ini', 'toml', 'conf'],
  [() => import('highlight.js/lib/languages/diff'), 'diff', 'patch'],
  [() => import('highlight.js/lib/languages/markdown'), 'markdown', 'md'],
  [() => import('highlight.js/lib/languages/go'), 'go', 'golang'],
  [() => import('highlight.js/lib/languages/rust'), 'rust', 'rs'],
  [() => import('highlight.js/lib/languages/java'), 'java'],
  [() => import('highlight.js/lib/languages/kotlin'), 'kotlin', 'kt'],
  [() => import('highlight.js/lib/languages/scala'), 'scala'],
  [() => import('highlight.js/lib/languages/swift'), 'swift'],
  [() => import('highlight.js/lib/languages/c'), 'c', 'h'],
  [() => import('highlight.js/lib/languages/cpp'), 'cpp', 'cc', 'cxx', 'hpp'],
  [() => import('highlight.js/lib/languages/csharp'), 'csharp', 'cs'],
  [() => import('highlight.js/lib/languages/php'), 'php'],
  [() => import('highlight.js/lib/languages/ruby'), 'ruby', 'rb'],
  [() => import('highlight.js/lib/languages/perl'), 'perl', 'pl'],
  [() => import('highlight.js/lib/languages/lua'), 'lua'],
  [() => import('highlight.js/lib/languages/r'), 'r'],
  [() => import('highlight.js/lib/languages/elixir'), 'elixir', 'ex', 'exs'],
  [() => import('highlight.js/lib/languages/haskell'), 'haskell', 'hs'],
  [() => import('highlight.js/lib/languages/dockerfile'), 'dockerfile', 'docker'],
  [() => import('highlight.js/lib/languages/makefile'), 'makefile', 'make', 'mk'],
  [() => import('highlight.js/lib/languages/nginx'), 'nginx'],
  [() => import('highlight.js/lib/languages/graphql'), 'graphql', 'gql'],
];

const loaders = new Map(languages.flatMap(([load, ...names]) => names.map((name) => [name, load] as const)));

/** Loads a language by what stands behind the fence; undefined for an unknown one. */
export const loaderOf = (language: string): Loader | undefined => loaders.get(language.toLowerCase());
