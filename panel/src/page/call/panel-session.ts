import { exchange, type Exchange } from './exchange.ts';

/** What the panel keeps of a sign-in. */
export interface Held {
  readonly id: string;
  readonly email: string;
  readonly fullName: string;
  readonly token: string;
  readonly refreshToken: string;
  /** By this machine's clock. */
  readonly refreshAtMs: number;
}

const KEY = 'fechatter.panel.session';
const EARLY_MS = 30_000;
/** Answers of these can be taken over as the panel's own session. */
export const sessionGivers: readonly string[] = ['auth.signup', 'auth.signin', 'auth.refresh'];

/** The panel's sign-in: this tab's alone, so that two tabs are two people; its token is renewed when it is due. */
export class PanelSession {
  readonly #serverUrl: string;
  readonly #listeners = new Set<(why: string | undefined) => void>();
  #held: Held | undefined;
  #refreshing: Promise<void> | undefined;

  constructor(serverUrl: string) {
    this.#serverUrl = serverUrl;
    this.#held = stored();
  }

  get current(): Held | undefined {
    return this.#held;
  }

  /** Told at each change; with a reason where the session ended by itself. */
  onChange(listener: (why: string | undefined) => void): void {
    this.#listeners.add(listener);
  }

  /** Takes over what signing up, signing in or refreshing answered. */
  adopt(answer: unknown): void {
    const { id, email, fullName, token, refreshToken } = answer as Held;
    this.#keep({ id, email, fullName, token, refreshToken, refreshAtMs: Date.now() + lifeMs(token) - EARLY_MS });
  }

  end(why?: string): void {
    if (this.#held !== undefined) this.#keep(undefined, why);
  }

  /** The token to send; undefined for someone who is not signed in. */
  async token(): Promise<string | undefined> {
    if (this.#held !== undefined && Date.now() > this.#held.refreshAtMs) await this.renew(this.#held.token);
    return this.#held?.token;
  }

  /** Gets a new token in place of one that is due, once for all who ask meanwhile. */
  async renew(stale: string): Promise<void> {
    if (this.#held?.token !== stale) return;
    this.#refreshing ??= this.#refresh(this.#held.refreshToken).finally(() => (this.#refreshing = undefined));
    await this.#refreshing;
  }

  /** Calls one of the procedures that make or end sessions. */
  call(name: `auth.${string}`, input: unknown): Promise<Exchange> {
    const procedure = { name, type: 'mutation' } as const;
    return exchange({ serviceUrl: this.#serverUrl, procedure, input, token: this.#held?.token });
  }

  async #refresh(refreshToken: string): Promise<void> {
    const { outcome, received } = await this.call('auth.refresh', { refreshToken });
    if (outcome.kind === 'answer') this.adopt(outcome.value);
    else if (outcome.kind === 'refused' && (received?.status === 401 || received?.status === 403))
      this.end(outcome.refusal.message);
  }

  #keep(held: Held | undefined, why?: string): void {
    this.#held = held;
    if (held === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(held));
    for (const listener of this.#listeners) listener(why);
  }
}

/** How long a token lives, by its own claims: no clock is compared with another. */
function lifeMs(token: string): number {
  const payload = token.split('.')[1] ?? '';
  const { exp, iat } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as {
    readonly exp: number;
    readonly iat: number;
  };
  return (exp - iat) * 1_000;
}

function stored(): Held | undefined {
  try {
    const held = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Held | null;
    return typeof held?.token === 'string' && typeof held.refreshToken === 'string' ? held : undefined;
  } catch {
    return undefined;
  }
}
