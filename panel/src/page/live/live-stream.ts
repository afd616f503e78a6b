import { outcomeOfText, refusalOf, type Refusal, type WireError } from '../call/exchange.ts';
import type { PanelSession } from '../call/panel-session.ts';
import { notReached, type Callable } from '../call/services.ts';
import { type Frame, frames } from './frames.ts';

export type LiveState = 'connecting' | 'live' | 'waiting' | 'stopped';

export interface LiveListener {
  /** A value that the procedure yielded. */
  onValue(value: unknown, frame: Frame): void;
  /** A frame without a value: connected, ping, … */
  onFrame(frame: Frame): void;
  onNote(text: string, refusal?: Refusal): void;
  onState(state: LiveState): void;
}

const WAITS_MS = [500, 1_000, 2_000, 5_000, 10_000];
/** Pings come every 15 s. */
const SILENCE_MAX_MS = 45_000;
const retriable = ['INTERNAL_SERVER_ERROR', 'BAD_GATEWAY', 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT'];

/** A subscription over fetch with a bearer token; it reconnects with the last id until it is stopped. */
export class LiveStream {
  readonly procedure: Callable;
  readonly input: unknown;
  readonly #session: PanelSession;
  readonly #listener: LiveListener;
  #stop: AbortController | undefined;
  #attempts = 0;
  lastEventId: string | undefined;

  constructor(session: PanelSession, procedure: Callable, input: unknown, listener: LiveListener) {
    this.#session = session;
    this.procedure = procedure;
    this.input = input;
    this.#listener = listener;
  }

  get isRunning(): boolean {
    return this.#stop !== undefined;
  }

  /** Starts, or resumes after the last id received. */
  async start(): Promise<void> {
    if (this.#stop) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#attempts = 0;
    while (!stop.signal.aborted && (await this.#connect(stop.signal))) {
      this.#listener.onState('waiting');
      await pause(WAITS_MS[Math.min(this.#attempts++, WAITS_MS.length - 1)] ?? 0, stop.signal);
    }
    if (this.#stop === stop) this.stop();
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#listener.onState('stopped');
  }

  /** Runs one connection; returns whether to reconnect afterwards. */
  async #connect(stopped: AbortSignal): Promise<boolean> {
    this.#listener.onState('connecting');
    const token = await this.#session.token();
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
    try {
      const response = await this.#open(token, AbortSignal.any([stopped, silence.signal]));
      if (!response.ok || response.body === null) return await this.#refusedAtOnce(response);
      this.#listener.onState('live');
      for await (const frame of frames(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
        if (frame.id !== undefined && frame.id !== '') this.lastEventId = frame.id;
        if (frame.event === 'return') return false;
        if (frame.event === 'serialized-error') return await this.#refused(frame, token);
        this.#take(frame);
      }
      this.#listener.onNote('The connection ended; resuming.');
      return true;
    } catch (error) {
      if (stopped.aborted) return false;
      const isCut = error instanceof TypeError;
      if (silence.signal.aborted) this.#listener.onNote('Nothing came for 45 s; resuming.');
      else this.#listener.onNote(isCut ? `Cut off: ${notReached(this.procedure.serviceUrl)}` : String(error));
      return isCut || silence.signal.aborted;
    } finally {
      clearTimeout(timer);
    }
  }

  #open(token: string | undefined, signal: AbortSignal): Promise<Response> {
    const { serviceUrl, name } = this.procedure;
    const query = this.input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify({ json: this.input }))}`;
    return fetch(`${serviceUrl}/trpc/${name}${query}`, {
      credentials: 'omit',
      cache: 'no-store',
      signal,
      headers: {
        accept: 'text/event-stream',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(this.lastEventId !== undefined && { 'last-event-id': this.lastEventId }),
      },
    });
  }

  #take(frame: Frame): void {
    if (frame.event !== 'message') {
      this.#listener.onFrame(frame);
      return;
    }
    this.#attempts = 0;
    this.#listener.onValue((JSON.parse(frame.data) as { readonly json?: unknown }).json, frame);
  }

  /** An error in the stream: renews an expired token and waits out a failing service; anything else is final. */
  async #refused({ data }: Frame, token: string | undefined): Promise<boolean> {
    const refusal = refusalOf((JSON.parse(data) as { readonly json?: WireError }).json);
    if (refusal.reason === 'token_expired' && token !== undefined) {
      await this.#session.renew(token);
      return this.#session.current !== undefined;
    }
    this.#listener.onNote(refusal.message, refusal);
    return retriable.includes(refusal.code ?? '');
  }

  /** A status without a stream. */
  async #refusedAtOnce(response: Response): Promise<boolean> {
    const outcome = outcomeOfText(await response.text(), response.status);
    const refusal = outcome.kind === 'refused' ? outcome.refusal : undefined;
    this.#listener.onNote(refusal?.message ?? `Status ${response.status}, and no stream.`, refusal);
    return response.status >= 500;
  }
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    const timer = setTimeout(settle, delayMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      settle();
    });
  });
}
