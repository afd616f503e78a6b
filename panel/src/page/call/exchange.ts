import type { PanelProcedure } from '../../panel-document.ts';
import { notReached } from './services.ts';

export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly code?: string;
}

/** The error of a refused call. */
export interface Refusal {
  readonly message: string;
  readonly code?: string;
  readonly reason?: string;
  readonly requestId?: string;
  readonly issues?: readonly Issue[];
  readonly retryAfterMs?: number;
}

export type Outcome =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly message: string };

/** One call: request, response and duration. */
export interface Exchange {
  readonly sent: { readonly method: string; readonly url: string; readonly body?: string; readonly hasToken: boolean };
  readonly received?: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
  readonly durationMs: number;
  readonly outcome: Outcome;
}

export interface Call {
  readonly serviceUrl: string;
  readonly procedure: Pick<PanelProcedure, 'name' | 'type'>;
  /** `undefined` sends no input. */
  readonly input: unknown;
  readonly token: string | undefined;
  readonly signal?: AbortSignal;
}

/** Calls a procedure in tRPC's wire format and records the exchange. */
export async function exchange({ serviceUrl, procedure, input, token, signal }: Call): Promise<Exchange> {
  const isQuery = procedure.type === 'query';
  const wire = input === undefined ? undefined : JSON.stringify({ json: input });
  const query = isQuery && wire !== undefined ? `?input=${encodeURIComponent(wire)}` : '';
  const body = isQuery ? undefined : wire;
  const sent = {
    method: isQuery ? 'GET' : 'POST',
    url: `${serviceUrl}/trpc/${procedure.name}${query}`,
    hasToken: token !== undefined,
    ...(body !== undefined && { body }),
  };
  const startedAtMs = performance.now();
  const tookMs = () => performance.now() - startedAtMs;
  try {
    const response = await fetch(sent.url, {
      method: sent.method,
      credentials: 'omit',
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    const text = await response.text();
    const { status, statusText } = response;
    const received = { status, statusText, headers: [...response.headers], body: text };
    return { sent, received, durationMs: tookMs(), outcome: outcomeOfText(text, status) };
  } catch (error) {
    if (signal?.aborted) return { sent, durationMs: tookMs(), outcome: { kind: 'failed', message: 'Stopped.' } };
    if (!(error instanceof TypeError)) throw error;
    return { sent, durationMs: tookMs(), outcome: { kind: 'failed', message: `The panel ${notReached(serviceUrl)}` } };
  }
}

interface WireResponse {
  readonly result?: { readonly data?: { readonly json?: unknown; readonly meta?: { readonly values?: unknown } } };
  readonly error?: { readonly json?: WireError };
}
export interface WireError {
  readonly message?: string;
  readonly data?: Omit<Refusal, 'message'>;
}

/** The outcome in the text of a tRPC response. */
export function outcomeOfText(text: string, status: number): Outcome {
  try {
    const { result, error } = JSON.parse(text) as WireResponse;
    if (error) return { kind: 'refused', refusal: refusalOf(error.json) };
    const isNothing = String(result?.data?.meta?.values) === 'undefined' && result?.data?.json === null;
    return { kind: 'result', value: isNothing ? undefined : result?.data?.json };
  } catch {
    return { kind: 'failed', message: `The response (status ${status}) is not in tRPC's format; see Wire.` };
  }
}

/** A tRPC error as the panel shows it. */
export function refusalOf(error: WireError | undefined): Refusal {
  return { message: error?.message ?? 'Refused without a word.', ...error?.data };
}
