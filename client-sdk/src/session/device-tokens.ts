import { inTime } from '../in-time.ts';
import type { Session } from '../wire.ts';
import type { ItemStorage } from './session-storage.ts';

const PREFIX = 'device.';
/** How many accounts of one device are kept. */
const KEPT_MAX = 10;
const STORAGE_MS = 5_000;

/**
 * Keeps the tokens that show the service that an account knows this device, also after a sign-out, so that people who
 * guess the password elsewhere do not lock out its owner here. If a token cannot be kept, the next sign-in is that of a
 * new device.
 */
export class DeviceTokens {
  readonly #items: ItemStorage | undefined;
  /** Also holds what the storage does not accept. */
  readonly #kept = new Map<string, string>();

  constructor(items: ItemStorage | undefined) {
    this.#items = items;
  }

  /** Undefined if this account is new on this device. */
  async of(email: string): Promise<string | undefined> {
    const name = nameOf(email);
    const stored = async () => this.#items?.get(name);
    return this.#kept.get(name) ?? (await inTime(stored(), STORAGE_MS, 'the storage').catch(() => null)) ?? undefined;
  }

  /** Keeps nothing for an account without an address, because no one signs in to it with a password. */
  keep({ email, deviceToken }: Pick<Session, 'email' | 'deviceToken'>): void {
    if (email === null) return;
    const name = nameOf(email);
    this.#kept.set(name, deviceToken);
    const store = async () => {
      const names = ((await this.#items?.names()) ?? []).filter((one) => one.startsWith(PREFIX) && one !== name);
      for (const one of names.slice(KEPT_MAX - 1)) await this.#items?.set(one, null);
      await this.#items?.set(name, deviceToken);
    };
    // The storage is forbidden or full.
    store().catch(() => {});
  }
}

/**
 * A short hash, so that signing out on a shared machine leaves no e-mail address there. Two addresses that collide
 * replace each other.
 */
function nameOf(email: string): string {
  let hash = 0;
  for (const char of email.toLowerCase()) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0;
  return PREFIX + (hash >>> 0).toString(36);
}
