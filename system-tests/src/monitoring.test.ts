import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startWorker } from '@fechatter/worker';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { type World, world } from './world.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
const dashboard = JSON.parse(read('deploy/grafana/fechatter.json')) as {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
};
const rules = parse(read('deploy/prometheus/fechatter.rules.yml')) as {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
};
const alerts = rules.groups.flatMap((group) => group.rules);
const manual = read('docs/monitoring.md');

const TOKEN = 'a-token-for-scrapers';
let scene: World;
/** Names of metrics by service, with their labels. */
const exposed = new Map<string, Set<string>>();
beforeAll(async () => {
  scene = await world({ FECHATTER_METRICS_TOKEN: TOKEN });
  const alice = await scene.signUp('alice');
  await using listener = await alice.listen();
  await scene.workspaceOf(alice);
  await listener.seen(({ kind }) => kind === 'workspace.memberJoined');
  const env = { FECHATTER_METRICS_TOKEN: TOKEN, FECHATTER_DATABASE_URL: scene.database.url };
  const worker = await startWorker(testConfig('worker', env), { log: silentLog() });
  for (const url of [scene.serverUrl, scene.notifyUrl, worker.url]) {
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const text = await response.text();
    for (const [, name = '', kind] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      const names = kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name];
      for (const series of [...names, ...(kind === 'summary' ? [`${name}_sum`, `${name}_count`] : [])])
        if (!exposed.has(series)) exposed.set(series, new Set());
    }
    for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)\{([^}]*)\}/gm))
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) exposed.get(name)?.add(label);
  }
  await worker.close();
});
afterAll(() => scene[Symbol.asyncDispose]());

const metricsIn = (text: string) =>
  [...text.matchAll(/\b(?:fechatter|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
const expressions = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [`panel ${title}`, expr] as const),
  ),
  ...alerts.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
];

test.each(expressions)('the metrics in %s exist: %s', (_, expr) => {
  const names = metricsIn(expr);
  for (const name of names) expect([...exposed.keys()]).toContain(name);
  expect(names.length + Number(expr.startsWith('up{'))).toBeGreaterThan(0);
});

test('the manual names every metric and no other', () => {
  const families = [...exposed.keys()]
    .filter((name) => name.startsWith('fechatter_'))
    .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  const named = metricsIn(manual).filter((name) => name.startsWith('fechatter_') && !/_(bucket|sum|count)$/.test(name));
  expect([...new Set(named)].sort()).toEqual([...new Set(families)].sort());
});

test('the manual has a section for every alert', () => {
  for (const { alert } of alerts) expect(manual).toContain(`| ${alert} |`);
});

test('no series has an id, a path or an address', () => {
  const labels = new Set([...exposed].flatMap(([name, seen]) => (name.startsWith('fechatter_') ? [...seen] : [])));
  expect([...labels].sort()).toEqual(
    [
      'budget',
      'cache',
      'code',
      'consumer',
      'direction',
      'how',
      'kind',
      'le',
      'limit',
      'maintenance',
      'method',
      'operation',
      'outcome',
      'phase',
      'procedure',
      'reason',
      'service',
      'status',
    ].filter((label) => labels.has(label)),
  );
});
