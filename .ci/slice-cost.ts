import { execFileSync } from 'node:child_process';

/**
 * What a change touched, by role: `node --import tsx .ci/slice-cost.ts <commit or range>…`, or without arguments what is
 * not committed yet. Tests, documents and generated files are counted apart: CONTRIBUTING counts the rest.
 */
const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' });

/** The first that fits decides. */
const roles: readonly (readonly [role: string, isAside: boolean, pattern: RegExp])[] = [
  ['generated', true, /^pnpm-lock|migrations\/meta\/|^drizzle\/schema\.sql$|^docs\/api\.md$|\.snap$|\.generated\./],
  ['authorisation table', false, /^system-tests\/src\/authorisation-/],
  ['tests', true, /\.test\.tsx?$|(^|\/)testing\/|^(system-tests|chaos|bench)\/|browser-tests\/|packaging\//],
  ['documents', true, /\.md$/],
  ['settings', false, /^service-kit\/src\/config\/|^app\.example\.yml$/],
  ['contract', false, /^contract\//],
  ['migration', false, /^drizzle\/migrations\//],
  ['function in SQL', false, /^drizzle\/sql\//],
  ['table', false, /^drizzle\/src\/schema(\.ts$|\/)/],
  ['noun module', false, /^drizzle\/src\/nouns\//],
  ['the log', false, /^drizzle\/src\/log\//],
  ['rest of drizzle', false, /^drizzle\//],
  ['contents page', false, /^(server|notify)\/src\/(\w+\/index|router)\.ts$/],
  [
    'procedure',
    false,
    /^(server\/src\/(admin|auth|bot|chat|emoji|file|info|message|thread|user|workspace)|notify\/src\/notification)\/[\w-]+\.ts$/,
  ],
  ['rest of server', false, /^server\//],
  ['notify', false, /^notify\//],
  ['worker', false, /^worker\//],
  ['SDK', false, /^client-sdk\//],
  ['web client and panel', false, /^(examples|panel)\//],
  ['elsewhere', false, /./],
];

interface Touched {
  readonly path: string;
  readonly added: number;
  readonly deleted: number;
}

const ranges = process.argv.slice(2);
const diffs = ranges.length === 0 ? [['diff', 'HEAD']] : ranges.map((range) => diffOf(range));
const touched = new Map<string, Touched>();
for (const args of diffs) {
  for (const line of git(...args, '--numstat', '--no-renames').split('\n')) {
    const [added, deleted, path] = line.split('\t');
    if (path === undefined) continue;
    const before = touched.get(path);
    touched.set(path, {
      path,
      added: (before?.added ?? 0) + (Number(added) || 0),
      deleted: (before?.deleted ?? 0) + (Number(deleted) || 0),
    });
  }
}

const counted = { files: 0, added: 0, deleted: 0 };
for (const [role, isAside] of roles) {
  const files = [...touched.values()].filter(({ path }) => roleOf(path) === role);
  if (files.length === 0) continue;
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const deleted = files.reduce((sum, file) => sum + file.deleted, 0);
  console.log(`${isAside ? '  aside: ' : ''}${role}: ${files.length} files, +${added} -${deleted}`);
  if (isAside) continue;
  for (const file of files) console.log(`    ${file.path} +${file.added} -${file.deleted}`);
  counted.files += files.length;
  counted.added += added;
  counted.deleted += deleted;
}
console.log(
  `${counted.files} files, +${counted.added} -${counted.deleted}: tests, documents and generated files aside`,
);

function diffOf(range: string): string[] {
  return range.includes('..') ? ['diff', range] : ['diff', `${range}^`, range];
}

function roleOf(path: string): string {
  return roles.find(([, , pattern]) => pattern.test(path))?.[0] ?? 'elsewhere';
}
