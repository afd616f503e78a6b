import { z } from 'zod';
import { Id } from '../ids.ts';
import { Name } from '../text.ts';

const Base64Url = z
  .string()
  .max(100_000)
  .regex(/^[\w-]+$/);
const credential = { id: Base64Url, rawId: Base64Url, type: z.literal('public-key') };
const Registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .optional(),
  }),
});
const Assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Base64Url.nullish(),
  }),
});
export type PasskeyRegistrationJson = z.infer<typeof Registration>;
export type PasskeyAssertionJson = z.infer<typeof Assertion>;

/** What the browser made, with its own names for keys on both wires. */
const FromBrowser = z.record(z.string(), z.unknown());
const message = 'must be what toJSON() of the PublicKeyCredential returned';

/** `credential.toJSON()` of what `navigator.credentials.create()` returned. */
export const PasskeyRegistration = FromBrowser.refine((given) => Registration.safeParse(given).success, { message });
/** `credential.toJSON()` of what `navigator.credentials.get()` returned. */
export const PasskeyAssertion = FromBrowser.refine((given) => Assertion.safeParse(given).success, { message });

/** The parts of a registration that are used. */
export const registrationOf = (given: unknown): PasskeyRegistrationJson => Registration.parse(given);
/** The parts of an assertion that are used. */
export const assertionOf = (given: unknown): PasskeyAssertionJson => Assertion.parse(given);

/**
 * For the browser: `PublicKeyCredential.parseCreationOptionsFromJSON(options)`, or `parseRequestOptionsFromJSON` for a
 * sign-in. Good once, for five minutes.
 */
export const PasskeyOptions = z.object({ options: z.record(z.string(), z.unknown()) });

/** `name` is only for you, to distinguish your passkeys. */
export const PasskeyAdd = z.object({ passkey: PasskeyRegistration, name: Name.optional() });
export const PasskeySignin = z.object({ passkey: PasskeyAssertion });

/** `isSynced`: its maker copies it to your other devices. */
export const Passkey = z.object({
  id: Id,
  name: z.string(),
  isSynced: z.boolean(),
  createdAt: z.date(),
  lastUsedAt: z.date().nullable(),
});
export type Passkey = z.infer<typeof Passkey>;
/** All of them: at most 20. */
export const PasskeyList = z.object({ passkeys: z.array(Passkey) });
/** `recoveryCodes`: ten, shown once, if this is the account's first second factor; else null. */
export const AddedPasskey = z.object({ passkey: Passkey, recoveryCodes: z.array(z.string()).nullable() });
