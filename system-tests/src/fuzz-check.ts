import { expect } from 'vitest';
import { rawExchange } from './raw-exchange.ts';

/** The deadline of a response. */
const DEADLINE_MS = 5_000;
const STACK = /\n\s+at |node_modules|\/src\/|\.ts:\d|\.js:\d|(?:Type|Reference|Syntax|Range)Error/;

/** A response. */
export interface CheckedResponse {
  readonly status: number;
  readonly text: string;
}

/** The responses so far: how often each status occurred, and what took longest. */
export const tally = { statuses: new Map<number, number>(), slowest: { ms: 0, what: '' } };

function count(status: number, startedAtMs: number, what: string): void {
  tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
  const ms = Math.round(performance.now() - startedAtMs);
  if (ms > tally.slowest.ms) tally.slowest = { ms, what: what.slice(0, 80) };
}

/** Fails unless a service may give this response to arbitrary input. */
function check(status: number, text: string, requestId: string | null): CheckedResponse {
  expect(status, text.slice(0, 300)).toBeGreaterThanOrEqual(200);
  expect(status, text.slice(0, 300)).toBeLessThan(500);
  // Our pages contain scripts, which may mention errors.
  if (status >= 400) expect(text).not.toMatch(STACK);
  expect(requestId).toMatch(/^[A-Za-z0-9_.:-]{8,64}$/);
  return { status, text };
}

/** Sends a request with fetch. */
export async function fetchChecked(url: string, init: RequestInit = {}): Promise<CheckedResponse> {
  const startedAtMs = performance.now();
  const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(DEADLINE_MS) });
  const text = await response.text();
  count(response.status, startedAtMs, url);
  if (response.headers.get('content-type')?.includes('json')) JSON.parse(text);
  return check(response.status, text, response.headers.get('x-request-id'));
}

/**
 * Sends raw bytes, for requests that no client would send. Node itself responds with 400 and 431, without our headers.
 */
export async function exchangeChecked(url: string, head: string, body = ''): Promise<CheckedResponse> {
  const startedAtMs = performance.now();
  const { status, head: top, body: text } = await rawExchange(url, head, body, DEADLINE_MS);
  count(status, startedAtMs, head);
  expect(top.toLowerCase()).not.toContain('\r\nx-injected:');
  const requestId = /^x-request-id: (.*)$/im.exec(top)?.[1] ?? null;
  if (requestId === null && (status === 400 || status === 431)) return { status, text: '' };
  return check(status, text, requestId);
}
