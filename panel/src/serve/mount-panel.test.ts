import { createShell } from '@fechatter/service-kit';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { initTRPC } from '@trpc/server';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { PanelDocument } from '../panel-document.ts';
import { mountPanel } from './mount-panel.ts';

const t = initTRPC.create();
const scoped = t.procedure.input(z.object({ gardenId: z.uuid() }));
const router = t.router({
  garden: t.router({
    plant: scoped
      .input(z.object({ name: z.string().max(5), at: z.object({ row: z.int() }).optional() }))
      .output(z.object({ plantedAt: z.date() }))
      .mutation(() => ({ plantedAt: new Date(0) })),
    leave: t.procedure.output(z.void()).mutation(() => {}),
    list: t.procedure
      .input(z.object({ limit: z.int().default(50) }).optional())
      .output(z.array(z.string()))
      .query(() => []),
    follow: t.procedure.subscription(async function* follow() {
      yield await Promise.resolve(1);
    }),
  }),
});

function panel(env: Record<string, string> = {}, service: 'server' | 'notify' = 'server') {
  const config = testConfig(service, {
    FECHATTER_SERVER_PUBLIC_URL: 'https://chat.example/api-host',
    FECHATTER_NOTIFY_PUBLIC_URL: 'https://events.example:8443/x',
    ...env,
  });
  const app = createShell({ config, log: silentLog(), ready: () => Promise.resolve([]) });
  mountPanel(app, config, router);
  return app;
}

test('/panel.json describes every procedure for the page', async () => {
  const { service, procedures } = (await (await panel().request('/panel.json')).json()) as PanelDocument;
  expect(service).toBe('server');
  const named = Object.fromEntries(procedures.map((procedure) => [procedure.name, procedure]));
  expect(Object.keys(named)).toEqual(['garden.plant', 'garden.leave', 'garden.list', 'garden.follow']);
  expect(named['garden.plant']).toMatchObject({
    type: 'mutation',
    isInputOptional: false,
    input: {
      properties: { gardenId: { format: 'uuid' }, name: { maxLength: 5 }, at: { properties: { row: {} } } },
      required: ['gardenId', 'name'],
    },
    output: { properties: { plantedAt: { type: 'string', format: 'date-time' } } },
  });
  expect(named['garden.leave']).not.toHaveProperty('output');
  expect(named['garden.list']).toMatchObject({ type: 'query', isInputOptional: true });
  expect(named['garden.follow']).toMatchObject({ type: 'subscription' });
});

test('the page is one response, and its policy has its script and style by hash', async () => {
  const response = await panel().request('/panel');
  const page = await response.text();
  const policy = response.headers.get('content-security-policy') ?? '';
  const [script = '', style = ''] = ['script', 'style'].map((tag) => page.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0]);
  expect(script.length).toBeGreaterThan(1_000);
  for (const part of [script, style])
    expect(policy).toContain(`'sha256-${createHash('sha256').update(part).digest('base64')}'`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self' https://chat.example https://events.example:8443;");
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(page.replace(script, '').replace(style, '')).not.toMatch(/(src|href)="(?!data:)/);
});

test('notify describes its procedures and leaves the page to the server', async () => {
  const app = panel({}, 'notify');
  expect((await app.request('/panel.json')).status).toBe(200);
  expect((await app.request('/panel')).status).toBe(404);
});

test('the panel is off if it is switched off, and in production unless it is switched on', async () => {
  const statuses = async (env: Record<string, string>) => {
    const app = panel(env);
    return [(await app.request('/panel')).status, (await app.request('/panel.json')).status];
  };
  expect(await statuses({ FECHATTER_SERVER_PANEL: 'false' })).toEqual([404, 404]);
  expect(await statuses({ NODE_ENV: 'production' })).toEqual([404, 404]);
  expect(await statuses({ NODE_ENV: 'production', FECHATTER_SERVER_PANEL: 'true' })).toEqual([200, 200]);
});
