import { inTime } from '../in-time.ts';
import type { Session } from '../wire.ts';
import type { ItemStorage } from './session-storage.ts';

const PREFIX = 'device.';
/** Accounts of one device. */
const KEPT_MAX = 10;
const STORAGE_MS = 5_000;

/**
 * Keeps what tells the service that this device is known to an account, over sign-outs, so that others who guess its
 * password do not hold up who uses it here. Where it cannot be kept, the next sign-in is a new device's.
 */
export class DeviceTokens {
  readonly #items: ItemStorage | undefined;
  /** Also what a storage does not take. */
  readonly #kept = new Map<string, string>();

  constructor(items: ItemStorage | undefined) {
    this.#items = items;
  }

  /** Undefined where this account is new here. */
  async of(email: string): Promise<string | undefined> {
    const name = nameOf(email);
    const stored = async () => this.#items?.get(name);
    return this.#kept.get(name) ?? (await inTime(stored(), STORAGE_MS, 'the storage').catch(() => null)) ?? undefined;
  }

  keep({ email, deviceToken }: Pick<Session, 'email' | 'deviceToken'>): void {
    const name = nameOf(email);
    this.#kept.set(name, deviceToken);
    const store = async () => {
      const names = ((await this.#items?.names()) ?? []).filter((one) => one.startsWith(PREFIX) && one !== name);
      for (const one of names.slice(KEPT_MAX - 1)) await this.#items?.set(one, null);
      await this.#items?.set(name, deviceToken);
    };
    // Where storage is forbidden or full.
    store().catch(() => {});
  }
}

/** By a short hash: whoever signs out on a shared machine does not leave their address there. Two that collide replace each other. */
function nameOf(email: string): string {
  let hash = 0;
  for (const char of email.toLowerCase()) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0;
  return PREFIX + (hash >>> 0).toString(36);
}
