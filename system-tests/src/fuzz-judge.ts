import { expect } from 'vitest';
import { rawExchange } from './raw-exchange.ts';

/** No answer may take longer. */
const DEADLINE_MS = 5_000;
const STACK = /\n\s+at |node_modules|\/src\/|\.ts:\d|\.js:\d|(?:Type|Reference|Syntax|Range)Error/;

/** What came back. */
export interface Judged {
  readonly status: number;
  readonly text: string;
}

/** What was answered so far: how often each status came, and what took longest. */
export const tally = { statuses: new Map<number, number>(), slowest: { ms: 0, what: '' } };

function count(status: number, startedAtMs: number, what: string): void {
  tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
  const ms = Math.round(performance.now() - startedAtMs);
  if (ms > tally.slowest.ms) tally.slowest = { ms, what: what.slice(0, 80) };
}

/** Fails unless an answer is one that a service may give to anything at all. */
function judge(status: number, text: string, requestId: string | null): Judged {
  expect(status, text.slice(0, 300)).toBeGreaterThanOrEqual(200);
  expect(status, text.slice(0, 300)).toBeLessThan(500);
  // Pages of ours have scripts in them, which may well speak of errors.
  if (status >= 400) expect(text).not.toMatch(STACK);
  expect(requestId).toMatch(/^[A-Za-z0-9_.:-]{8,64}$/);
  return { status, text };
}

/** Asks by fetch. */
export async function asked(url: string, init: RequestInit = {}): Promise<Judged> {
  const startedAtMs = performance.now();
  const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(DEADLINE_MS) });
  const text = await response.text();
  count(response.status, startedAtMs, url);
  if (response.headers.get('content-type')?.includes('json')) JSON.parse(text);
  return judge(response.status, text, response.headers.get('x-request-id'));
}

/** Asks byte by byte, for what no client would send. Node itself answers 400 and 431, without our headers. */
export async function askedRaw(url: string, head: string, body = ''): Promise<Judged> {
  const startedAtMs = performance.now();
  const { status, head: top, body: text } = await rawExchange(url, head, body, DEADLINE_MS);
  count(status, startedAtMs, head);
  expect(top.toLowerCase()).not.toContain('\r\nx-injected:');
  const requestId = /^x-request-id: (.*)$/im.exec(top)?.[1] ?? null;
  if (requestId === null && (status === 400 || status === 431)) return { status, text: '' };
  return judge(status, text, requestId);
}
