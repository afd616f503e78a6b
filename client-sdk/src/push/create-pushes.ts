import type { FechatterClient } from '../create-fechatter.ts';
import { reasonOf } from '../errors.ts';

/**
 * `unsupported`: the browser or the deployment has no pushes. `denied`: the person does not allow notifications; only they can
 * change that, in the browser.
 */
export type PushState = 'unsupported' | 'denied' | 'off' | 'on';

/** Pushes to this browser, for the person who is signed in. */
export interface Pushes {
  state(): Promise<PushState>;
  /** Asks the person for permission, so call it when they click. Their session receives pushes from then on, until it ends. */
  turnOn(): Promise<PushState>;
  /**
   * Rejects if the browser does not unsubscribe, and then pushes stay on; and if the server is not reached, but then they are off:
   * it deletes the subscription when it sends the next push.
   */
  turnOff(): Promise<void>;
  /**
   * Call it whenever somebody is signed in at the start of the app: the new session of a person who had turned pushes on
   * receives them again, and a replaced key or endpoint is reported. Asks nothing.
   */
  restore(): Promise<PushState>;
}

/** Who turned pushes on in this browser, in the client’s storage. */
const ITEM = 'fechatter.push';

/**
 * Pushes by the service worker that `registration` resolves to. The browser’s subscription stays when somebody signs out: the
 * next person who turns pushes on gets it.
 */
export function createPushes(client: FechatterClient, registration: () => Promise<ServiceWorkerRegistration>): Pushes {
  const { items } = client.storage;
  const isMine = async () => client.session !== null && (await items?.get(ITEM)) === client.session.id;
  const register = async (): Promise<PushState> => {
    const { id } = client.session ?? {};
    try {
      const { publicKey } = await client.push.key.query();
      await client.push.subscribe.mutate(addressOf(await subscribed((await registration()).pushManager, publicKey)));
    } catch (error) {
      if (reasonOf(error) === 'push_off') return 'unsupported';
      throw error;
    }
    await items?.set(ITEM, id ?? null);
    return 'on';
  };

  const state = async (): Promise<PushState> => {
    if (!isSupported()) return 'unsupported';
    if (Notification.permission === 'denied') return 'denied';
    if (Notification.permission !== 'granted' || !(await isMine())) return 'off';
    return (await (await registration()).pushManager.getSubscription()) === null ? 'off' : 'on';
  };

  return {
    state,
    async turnOn() {
      if (!isSupported()) return 'unsupported';
      // First of all: browsers allow the question only right after a click.
      const permission = await Notification.requestPermission();
      if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'off';
      return register();
    },
    async turnOff() {
      // In this order nothing arrives any more, and the next start does not turn it on again, even if the server is not reached.
      await (await (await registration()).pushManager.getSubscription())?.unsubscribe();
      await items?.set(ITEM, null);
      const { subscriptions } = await client.push.subscriptions.query();
      for (const { id, current } of subscriptions)
        if (current) await client.push.unsubscribe.mutate({ subscriptionId: id });
    },
    async restore() {
      const canRegister = isSupported() && Notification.permission === 'granted' && (await isMine());
      return canRegister ? register() : state();
    },
  };
}

const isSupported = (): boolean => 'Notification' in globalThis && 'PushManager' in globalThis;

/** The browser’s subscription; one that was made with another key is replaced. */
async function subscribed(manager: PushManager, publicKey: string): Promise<PushSubscription> {
  const known = await manager.getSubscription();
  if (known !== null) {
    if (textOf(known.options.applicationServerKey) === publicKey) return known;
    await known.unsubscribe();
  }
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
}

const textOf = (key: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

function addressOf(subscription: PushSubscription) {
  const { endpoint = '', keys = {} } = subscription.toJSON();
  return { kind: 'WebPush', endpoint, keys: { p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '' } } as const;
}
