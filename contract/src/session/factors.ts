import { z } from 'zod';
import { Typed } from '../text.ts';
import { PasskeyAssertion } from './passkeys.ts';

/** How the second step of a sign-in can be taken. */
export const SecondFactorMethod = z.enum(['Totp', 'RecoveryCode', 'Passkey']);
export type SecondFactorMethod = z.infer<typeof SecondFactorMethod>;

/** A code of the authenticator app, or a recovery code. Spaces and hyphens in it do not matter. */
const Code = Typed;

const exactlyOne = (given: object): boolean => Object.values(given).filter((value) => value !== undefined).length === 1;

/** `challenge` is that of the refused sign-in (`second_factor_required`). Give a code or a passkey's assertion. */
export const SecondFactor = z
  .object({ challenge: Typed, code: Code.optional(), passkey: PasskeyAssertion.optional() })
  .refine(({ code, passkey }) => exactlyOne({ code, passkey }), { message: 'must have either code or passkey' });

/** Proves again who you are, for calls that need it: with the password, a code or a passkey. */
export const Reauthentication = z
  .object({ currentPassword: Typed.optional(), code: Code.optional(), passkey: PasskeyAssertion.optional() })
  .refine(exactlyOne, { message: 'must have one of currentPassword, code and passkey' });
/** Until when calls that need a recent proof are allowed in this session. */
export const Reauthenticated = z.object({ freshUntil: z.date() });

/** `secret` is in base32, for typing; `url` is the same for a QR code (`otpauth://totp/…`). */
export const TotpSecret = z.object({ secret: z.string(), url: z.string() });
export const TotpCode = z.object({ code: Code });
/** Ten codes, each good once in the place of a code of the app. They are shown now and never again. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

/** `totpAddedAt` is null without an authenticator app. */
export const SecondFactors = z.object({ totpAddedAt: z.date().nullable(), recoveryCodesLeft: z.int().nonnegative() });
export type SecondFactors = z.infer<typeof SecondFactors>;
