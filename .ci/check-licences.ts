import { text } from 'node:stream/consumers';

/**
 * What may go into what we hand out; another one is for people to judge. MIT-0 is MIT without the duty to keep its notice:
 * it asks for less than what is on the list already (nodemailer has it).
 */
const allowed = new Set(['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0']);

/** What `pnpm licenses list --json` prints: packages by their licence. */
type Listed = Readonly<Record<string, readonly { readonly name: string }[]>>;

// Reads the list on standard input: pnpm -r licenses list --prod --json | node --import tsx .ci/check-licences.ts
const listed = JSON.parse(await text(process.stdin)) as Listed;
const refused = Object.entries(listed).filter(([licence]) => !allowed.has(licence));
for (const [licence, packages] of refused)
  process.stderr.write(`${licence} is not on the list of licences: ${packages.map(({ name }) => name).join(', ')}\n`);
// An empty list is no good list: something was not read.
if (refused.length > 0 || !listed.MIT) process.exitCode = 1;
