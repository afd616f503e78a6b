import { chatter } from '../chatter.ts';
import { Refusal } from '../ui/refusal.ts';
import { texts } from './texts.ts';

/** Lets the person make a passkey on this device, and adds it; returns recovery codes if they are new. */
export async function addPasskey(name: string): Promise<readonly string[] | null> {
  const { options } = await chatter.auth.passkeyBegin.mutate();
  const asked = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked);
  const passkey = await fromBrowser(navigator.credentials.create({ publicKey }));
  return (await chatter.auth.passkeyAdd.mutate({ passkey, name })).recoveryCodes;
}

/** Lets the person choose a passkey of this device, and returns what it signed: for a sign-in or a proof, once. */
export async function passkeyOfDevice(): Promise<Record<string, unknown>> {
  const { options } = await chatter.auth.passkeySigninBegin.mutate();
  const asked = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  return fromBrowser(navigator.credentials.get({ publicKey }));
}

async function fromBrowser(made: Promise<Credential | null>): Promise<Record<string, unknown>> {
  const credential = await made.catch(() => null);
  if (!(credential instanceof PublicKeyCredential)) throw new Refusal(texts.noPasskey);
  return credential.toJSON() as unknown as Record<string, unknown>;
}
