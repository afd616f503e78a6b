import { rm } from 'node:fs/promises';
import { buildConsumer, talkInChromium, talkInNode } from './consumer-runs.ts';
import { startSystem } from './running-system.ts';
import { makeStranger } from './stranger.ts';
import { typeCheck, typescripts } from './type-check.ts';

// Packs the SDK and uses it as a stranger does: in a folder outside the workspace, on every TypeScript that is promised,
// against a running system, in Node and in Chromium. Needs the registry of npm: `pnpm test:package`.

const beganAt = performance.now();
const cleanUps: (() => Promise<void>)[] = [];
const count = { passed: 0, failed: 0, skipped: 0 };
const nodes = process.argv.slice(2);

/** Says how a fact stands; a fact that is not so does not hide the others. */
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
  const stranger = await makeStranger();
  cleanUps.push(() => rm(stranger.dir, { recursive: true, force: true }));
  process.stdout.write(`         packed and installed outside the workspace: ${stranger.files} files\n`);

  await check('the package.json names nothing of the workspace', stranger.manifestIsClean);
  await check('publint', stranger.publint);
  await check('are the types wrong', stranger.attw);
  for (const version of typescripts) await check(`TypeScript ${version}`, () => typeCheck(stranger.dir, version));
  const program = await buildConsumer(stranger.dir);
  const system = await starting;
  for (const version of [process.version.slice(1), ...nodes])
    await check(`Node ${version}`, () => talkInNode(program, system, version));
  await check('Chromium', () => talkInChromium(program, system));
} catch (error) {
  count.failed += 1;
  process.stdout.write(`failed   ${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp().catch(() => {});
}
const seconds = Math.round((performance.now() - beganAt) / 1_000);
process.stdout.write(
  `\nThe package: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped (${seconds} s)\n`,
);
process.exit(count.failed === 0 ? 0 : 1);
