import { describe, expect, test, vi } from 'vitest';
import { testShell } from '../testing/index.ts';

describe('health', () => {
  test('a live service reports it', async () => {
    expect(await (await testShell().app.request('/healthz')).json()).toEqual({ status: 'ok', service: 'server' });
  });

  test.each([
    [
      'everything responds',
      () => Promise.resolve([{ name: 'database', ok: true }]),
      200,
      [{ name: 'database', ok: true }],
    ],
    [
      'something should be checked',
      () => Promise.resolve([{ name: 'log', ok: true, warning: '1 partition ahead' }]),
      200,
      [{ name: 'log', ok: true, warning: '1 partition ahead' }],
    ],
    [
      'one thing does not',
      () => Promise.resolve([{ name: 'log', ok: false, detail: 'stalled' }]),
      503,
      [{ name: 'log', ok: false, detail: 'stalled' }],
    ],
    [
      'the check fails',
      () => Promise.reject(new Error('secret')),
      503,
      [{ name: 'check', ok: false, detail: 'the check itself failed' }],
    ],
  ])('ready when %s', async (_, ready, status, checks) => {
    const response = await testShell({ ready }).app.request('/readyz');
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      status: status === 200 ? 'ready' : 'not_ready',
      service: 'server',
      checks,
    });
  });

  test('a check that hangs is a failure after two seconds', async () => {
    vi.useFakeTimers();
    const asked = testShell({ ready: () => new Promise(() => {}) }).app.request('/readyz');
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    const response = await asked;
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: [{ name: 'deadline', ok: false }] });
  });

  test('a service that stops is not ready, and ends its connections', async () => {
    const response = await testShell({ draining: AbortSignal.abort() }).app.request('/readyz');
    expect(response.status).toBe(503);
    expect(response.headers.get('connection')).toBe('close');
  });
});
