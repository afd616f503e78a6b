import { rm } from 'node:fs/promises';
import { buildConsumer, talkInChromium, talkInNode } from './consumer-runs.ts';
import { startSystem } from './running-system.ts';
import { makeConsumerProject } from './consumer-project.ts';
import { checkPublished } from './check-published.ts';
import { checkHeadless, requireIt, typeCheck, typescripts } from './type-check.ts';

// Packs the SDK, publishes it to a registry of its own and uses it as its users do: installed by name in a folder outside
// the workspace, on every TypeScript that is promised, in ESM and CommonJS, against a running system, in Node and in
// Chromium. Needs the registry of npm: `pnpm test:package`.

const AT_ONCE = 2;
const beganAt = performance.now();
const cleanUps: (() => Promise<void>)[] = [];
const count = { passed: 0, failed: 0, skipped: 0 };
const nodes = process.argv.slice(2);

async function cleanUp(): Promise<void> {
  for (const step of cleanUps.splice(0).toReversed()) await step().catch(() => {});
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));

/** Reports whether a fact is true; a false one does not hide the others. */
async function check(what: string, fact: () => Promise<string | undefined>): Promise<void> {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
  try {
    const found = await fact();
    count[found === undefined ? 'skipped' : 'passed'] += 1;
    process.stdout.write(found === undefined ? `skipped  ${what}\n` : `passed   ${what}: ${found} (${seconds()})\n`);
  } catch (error) {
    count.failed += 1;
    process.stdout.write(`failed   ${what}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

try {
  const starting = startSystem();
  starting.catch(() => {});
  cleanUps.push(async () => (await starting.catch(() => undefined))?.stop());
  const project = await makeConsumerProject();
  cleanUps.push(() => rm(project.dir, { recursive: true, force: true }));
  process.stdout.write(`         packed and installed outside the workspace: ${project.files} files\n`);

  const program = buildConsumer(project.dir);
  program.catch(() => {});
  const inNode = (version: string) => async () => talkInNode(await program, await starting, version);
  const checks: (readonly [string, () => Promise<string | undefined>])[] = [
    ['the package.json names nothing of the workspace', project.manifestIsClean],
    ...typescripts.map((version) => [`TypeScript ${version}`, () => typeCheck(project.dir, version)] as const),
    ...[typescripts[0], typescripts[3]].map(
      (version) => [`CommonJS, module node16, TypeScript ${version}`, () => requireIt(project.dir, version)] as const,
    ),
    ['no DOM', () => checkHeadless(project.dir, '6.0.3')],
    ['the published files', checkPublished],
    ['publint', project.publint],
    ['are the types wrong', project.attw],
    ...[process.version.slice(1), ...nodes].map((version) => [`Node ${version}`, inNode(version)] as const),
    ['Chromium', async () => talkInChromium(await program, await starting)],
  ];
  const worker = async () => {
    for (let next = checks.shift(); next !== undefined; next = checks.shift()) await check(...next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
} catch (error) {
  count.failed += 1;
  process.stdout.write(`failed   ${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  await cleanUp();
}
const seconds = Math.round((performance.now() - beganAt) / 1_000);
process.stdout.write(
  `\nThe package: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped (${seconds} s)\n`,
);
process.exit(count.failed === 0 ? 0 : 1);
