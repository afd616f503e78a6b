import { DockerfileParser, type From } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './build/root.ts';

const text = await readFile(join(root, 'Dockerfile'), 'utf8');
const dockerfile = DockerfileParser.parse(text);
const stages = dockerfile.getFROMs();
const linesOf = (from: From) => {
  const end = stages.find((next) => next.getRange().start.line > from.getRange().start.line);
  return dockerfile
    .getInstructions()
    .filter((instruction) => {
      const { line } = instruction.getRange().start;
      return line > from.getRange().start.line && line < (end?.getRange().start.line ?? Infinity);
    })
    .map((instruction) => ({ keyword: instruction.getKeyword(), value: instruction.getRawArgumentsContent() ?? '' }));
};
const stage = (name: string) => {
  const from = stages.find((one) => one.getBuildStage() === name);
  if (from === undefined) throw new Error(`there is no stage ${name}`);
  return linesOf(from);
};

test('the Dockerfile has no fault that a linter knows', () => {
  expect(validate(text).map(({ message, range }) => [range.start.line + 1, message])).toEqual([]);
});

test('every base image has an exact version, the same for building and running', () => {
  const names = new Set(stages.map((one) => one.getBuildStage()));
  const bases = stages.map((one) => one.getImage() ?? '').filter((image) => !names.has(image));
  expect([...new Set(bases)]).toEqual([
    expect.stringMatching(/^node:\d+\.\d+\.\d+-bookworm-slim(?:@sha256:[\da-f]{64})?$/),
  ]);
});

test('only the lock file’s production dependencies are installed, by an exact pnpm', () => {
  const [install] = stage('build').filter(({ keyword }) => keyword === 'RUN');
  expect(install?.value).toMatch(/pnpm@\d+\.\d+\.\d+ install --frozen-lockfile --prod --filter-prod /);
});

test('the image runs as an unprivileged numeric user, and has no package manager', () => {
  const lines = stage('runtime');
  expect(lines.filter(({ keyword }) => keyword === 'USER')).toEqual([{ keyword: 'USER', value: '10001:10001' }]);
  expect(lines.find(({ keyword }) => keyword === 'RUN')?.value).toContain('rm -rf /usr/local/lib/node_modules');
  for (const name of ['server', 'notify', 'worker', 'operator'])
    expect(stage(name).map(({ keyword }) => keyword)).not.toContain('USER');
});

test.each(['server', 'notify', 'worker'])('%s is checked without a shell, on the port that it listens on', (name) => {
  const lines = stage(name);
  const port = lines.find(({ keyword }) => keyword === 'EXPOSE')?.value;
  const check = lines.find(({ keyword }) => keyword === 'HEALTHCHECK')?.value;
  expect(check).toContain(`CMD ["node", "bin/healthy.js", "${port}"]`);
  expect(lines.find(({ keyword }) => keyword === 'ENV')?.value).toContain(`_PORT=${port}`);
  const args = name === 'notify' ? '"--max-semi-space-size=4", ' : '';
  expect(lines.at(-1)).toEqual({ keyword: 'CMD', value: `[${args}"bin/${name}.js"]` });
});

test('the image contains no secret, and nothing is fetched from other sites', () => {
  expect(dockerfile.getARGs()).toEqual([]);
  expect(text).not.toMatch(/^(ADD|ONBUILD)\b|curl|wget|PASSWORD|SECRET|KEYS/im);
});

test('files that do not belong in an image are excluded from the build', async () => {
  const ignored = (await readFile(join(root, '.dockerignore'), 'utf8')).split('\n');
  expect(ignored).toEqual(
    expect.arrayContaining(['**/node_modules', '.git', '.fechatter', 'app.yml', 'deploy/compose/secrets']),
  );
});
