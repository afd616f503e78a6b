import { text } from 'node:stream/consumers';

/**
 * The licences that what we distribute may contain; people decide about any other one. MIT-0 is MIT without the duty to
 * keep its notice: it asks for less than what is on the list already (nodemailer has it).
 */
const allowed = new Set(['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0']);

/**
 * Packages under another licence, each with the reason why it may be distributed. libvips (LGPL) is a shared library in a file
 * of its own, unchanged, with its licence beside it, which an operator can replace; its sources are where its package says.
 */
const allowedPackages: Readonly<Record<string, readonly RegExp[]>> = {
  'LGPL-3.0-or-later': [/^@img\/sharp-libvips-/],
  // The duties of the MPL end at its own files, which are unchanged.
  'MPL-2.0': [/^web-push$/],
};

/** What `pnpm licenses list --json` prints: packages by their licence. */
type Listed = Readonly<Record<string, readonly { readonly name: string }[]>>;

// Reads the list on standard input: pnpm -r licenses list --prod --json | node --import tsx .ci/check-licences.ts
const listed = JSON.parse(await text(process.stdin)) as Listed;
const refused = Object.entries(listed)
  .filter(([licence]) => !allowed.has(licence))
  .map(([licence, packages]) => {
    const names = allowedPackages[licence] ?? [];
    return [licence, packages.filter(({ name }) => !names.some((pattern) => pattern.test(name)))] as const;
  })
  .filter(([, packages]) => packages.length > 0);
for (const [licence, packages] of refused)
  process.stderr.write(`${licence} is not on the list of licences: ${packages.map(({ name }) => name).join(', ')}\n`);
// An empty list is no good list: something was not read.
if (refused.length > 0 || !listed.MIT) process.exitCode = 1;
