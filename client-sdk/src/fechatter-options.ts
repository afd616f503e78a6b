import type { BackoffOptions } from './events/backoff.ts';
import { type Fetch, fetchInTime } from './fetch-in-time.ts';
import { type ErrorReport, errorReport } from './report-error.ts';
import type { SessionEnd } from './session/session-keeper.ts';
import { memoryStorage, type SessionStorage } from './session/session-storage.ts';

export interface FechatterOptions {
  /** Where the server is: `http://127.0.0.1:6688`. In a browser it may be relative to the page. */
  readonly serverUrl: string;
  /** Where notify is: `http://127.0.0.1:6687`. In a browser it may be relative to the page. */
  readonly notifyUrl: string;
  /** Where the session and unsent messages are kept. Default: in memory. */
  readonly storage?: SessionStorage;
  /**
   * Replaces the platform's `fetch`. If `fetch` cannot stream bodies, as in React Native, the client polls for events;
   * there, pass `fetch` of `expo/fetch`, which can stream.
   */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * Whether browser tabs with the same session share one event stream, which one of them holds. This matters because a
   * browser opens only six connections to an origin over HTTP/1.1. Default: true. Needs Web Locks and BroadcastChannel;
   * without them, and outside browsers, each client has its own stream.
   */
  readonly shareStream?: boolean;
  /** Called when the session has ended: signed out (here or in another tab), revoked, suspended or expired. */
  readonly onSessionEnded?: (reason: SessionEnd) => unknown;
  /**
   * Called with the errors of your callbacks and storages; they break nothing in the client. Default: the platform's
   * `reportError`, or the console if there is none.
   */
  readonly onError?: (error: unknown) => unknown;
  /** How long a call may take. Default: 30,000 ms. */
  readonly timeoutMs?: number;
  /** How long an event stream may be silent before it counts as dead. Default: 45,000 ms, which is three pings. */
  readonly inactivityMs?: number;
  /** The pauses between attempts to reach the event stream. Default: 250 ms, doubling up to 15,000 ms. */
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number };
}

/** What `createFechatter` throws if an option is missing or invalid. */
export class FechatterOptionError extends TypeError {
  override readonly name = 'FechatterOptionError';
  readonly option: keyof FechatterOptions;

  constructor(option: keyof FechatterOptions, problem: string) {
    super(`createFechatter: ${option} ${problem}`);
    this.option = option;
  }
}

/** The options, checked and filled in. */
export interface CheckedOptions {
  readonly serverUrl: string;
  readonly notifyUrl: string;
  readonly storage: SessionStorage;
  readonly fetch: Fetch;
  readonly fetchInTime: Fetch;
  readonly report: ErrorReport;
  readonly inactivityMs: number;
  readonly backoff: BackoffOptions;
}

const TIMEOUT_MS = 30_000;
const INACTIVITY_MS = 45_000;
const BACKOFF = { firstMs: 250, maxMs: 15_000 };
/** Longer timers fire at once. */
const TIMER_MAX_MS = 2_147_483_647;

/** Throws a {@link FechatterOptionError} that names what is wrong. */
export function checkedOptions(options: FechatterOptions): CheckedOptions {
  if (typeof options !== 'object' || options === null) throw new FechatterOptionError('serverUrl', 'is missing');
  const {
    storage = memoryStorage(),
    backoff = BACKOFF,
    inactivityMs = INACTIVITY_MS,
    timeoutMs = TIMEOUT_MS,
  } = options;
  const given: unknown = options.fetch ?? globalThis.fetch;
  if (typeof given !== 'function') throw new FechatterOptionError('fetch', 'is missing, and this platform has none');
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  if (typeof storage?.load !== 'function' || typeof storage.save !== 'function')
    throw new FechatterOptionError('storage', 'must have load() and save()');
  checkMs('timeoutMs', timeoutMs);
  checkMs('inactivityMs', inactivityMs);
  checkMs('backoff', backoff?.firstMs);
  checkMs('backoff', backoff?.maxMs);
  for (const name of ['onSessionEnded', 'onError'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw new FechatterOptionError(name, 'must be a function');
  if (options.shareStream !== undefined && typeof options.shareStream !== 'boolean')
    throw new FechatterOptionError('shareStream', 'must be true or false');
  return {
    serverUrl: checkedUrl('serverUrl', options.serverUrl),
    notifyUrl: checkedUrl('notifyUrl', options.notifyUrl),
    storage,
    fetch,
    fetchInTime: fetchInTime(fetch, timeoutMs),
    report: errorReport(options.onError),
    inactivityMs,
    backoff,
  };
}

function checkedUrl(option: 'serverUrl' | 'notifyUrl', url: unknown): string {
  if (typeof url !== 'string')
    throw new FechatterOptionError(option, 'must be a URL, for example "https://chat.example.com"');
  const { location } = globalThis as { readonly location?: { readonly href?: string } };
  const parsed = parsedUrl(url, location?.href);
  if (parsed === undefined) throw new FechatterOptionError(option, `is no URL: "${url}"`);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new FechatterOptionError(option, `must begin with http:// or https://: "${url}"`);
  if (parsed.search !== '' || parsed.hash !== '')
    throw new FechatterOptionError(option, `must have no query and no fragment: "${url}"`);
  return url.replace(/\/+$/, '');
}

function parsedUrl(url: string, base: string | undefined): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}

function checkMs(option: 'timeoutMs' | 'inactivityMs' | 'backoff', ms: unknown): void {
  if (typeof ms !== 'number' || !(ms > 0 && ms <= TIMER_MAX_MS))
    throw new FechatterOptionError(option, `must be a positive number of milliseconds, not ${String(ms)}`);
}
