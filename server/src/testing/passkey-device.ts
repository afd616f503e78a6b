import type { launchChromium } from '@fechatter/testing/chromium';

/** The page of the web app, and one below the same domain that is not ours. */
const PAGE = 'https://chat.example.org';
export const OTHER_PAGE = 'https://other.chat.example.org';
export const passkeyEnv = { FECHATTER_AUTH_PASSKEYS_RP_ID: 'chat.example.org', FECHATTER_AUTH_PASSKEYS_ORIGINS: PAGE };

type Json = Record<string, unknown>;
type Options = { readonly options: Json };

/** A browser with an authenticator that verifies its person. */
export interface PasskeyDevice extends AsyncDisposable {
  /** What `navigator.credentials.create()` returns for these options, on a page of this origin. */
  create(asked: Options, origin?: string): Promise<Json>;
  /** The same of `navigator.credentials.get()`. */
  get(asked: Options, origin?: string): Promise<Json>;
  /** Whether the authenticator verifies its person from now on. */
  setVerifies(verifies: boolean): Promise<void>;
  /** Makes the authenticator count from there on, as a copy of it would. */
  setSignCount(signCount: number): Promise<void>;
}

/** Opens a page with a virtual authenticator of its own; what it shows comes from here and not from the network. */
export async function passkeyDevice(
  browser: Awaited<ReturnType<typeof launchChromium>>,
  kind: 'phone' | 'key without a PIN' = 'phone',
): Promise<PasskeyDevice> {
  const canVerify = kind === 'phone';
  const page = await browser.newPage();
  await page.route('https://**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>test</title>' }));
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: canVerify ? 'internal' : 'usb',
      hasResidentKey: true,
      hasUserVerification: canVerify,
      isUserVerified: canVerify,
      automaticPresenceSimulation: true,
    },
  });
  const go = async (origin: string) => {
    if (new URL(page.url()).origin !== origin) await page.goto(origin);
  };
  return {
    async create({ options }, origin = PAGE) {
      await go(origin);
      return page.evaluate(async (json) => {
        const credentials = globalThis as unknown as PageGlobals;
        const publicKey = credentials.PublicKeyCredential.parseCreationOptionsFromJSON(json);
        return (await credentials.navigator.credentials.create({ publicKey })).toJSON();
      }, options);
    },
    async get({ options }, origin = PAGE) {
      await go(origin);
      return page.evaluate(async (json) => {
        const credentials = globalThis as unknown as PageGlobals;
        const publicKey = credentials.PublicKeyCredential.parseRequestOptionsFromJSON(json);
        return (await credentials.navigator.credentials.get({ publicKey })).toJSON();
      }, options);
    },
    async setVerifies(isUserVerified) {
      await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    async setSignCount(signCount) {
      const { credentials } = await devTools.send('WebAuthn.getCredentials', { authenticatorId });
      for (const credential of credentials) {
        await devTools.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId });
        await devTools.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount } });
      }
    },
    [Symbol.asyncDispose]: () => page.close(),
  };
}

/** What the page's script uses of its browser. */
interface PageGlobals {
  readonly PublicKeyCredential: {
    parseCreationOptionsFromJSON(json: Json): object;
    parseRequestOptionsFromJSON(json: Json): object;
  };
  readonly navigator: {
    readonly credentials: Record<'create' | 'get', (asked: { publicKey: object }) => Promise<{ toJSON(): Json }>>;
  };
}
