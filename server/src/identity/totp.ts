import { Secret, TOTP } from 'otpauth';

// RFC 6238, as every authenticator app has it: SHA-1, six digits, 30 seconds.
const algorithm = 'SHA1';
const digits = 6;
const period = 30;
/** Steps before and after the present one whose codes count too: clocks differ. */
const window = 1;
const SECRET_BYTES = 20;
// The library compares bytes and throws where characters of other scripts make them more.
const CODE = /^\d{6}$/;

/** A new secret, in base32. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What apps read from a QR code. `issuer` and `label` are shown in the app. */
export const totpUrl = (secret: string, issuer: string, label: string): string =>
  new TOTP({ issuer, label, algorithm, digits, period, secret: Secret.fromBase32(secret) }).toString();

/** The step whose code this is, among the present one and its neighbours; undefined if it is none of theirs, or no code. */
export function totpStepOf(secret: string, code: string, nowMs: number): number | undefined {
  if (!CODE.test(code)) return undefined;
  const delta = TOTP.validate({
    token: code,
    secret: Secret.fromBase32(secret),
    algorithm,
    digits,
    period,
    window,
    timestamp: nowMs,
  });
  return delta === null ? undefined : Math.floor(nowMs / 1_000 / period) + delta;
}
