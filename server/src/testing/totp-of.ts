import { Secret, TOTP } from 'otpauth';
import type { Person } from './person.ts';
import type { TestServer } from './test-server.ts';

/** A person's authenticator app. */
export interface TestApp {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** The code of the present step, or of a later one; whether or not it was used. */
  code(steps?: number): string;
  /** The present code, as if none had been used yet. */
  unusedCode(): Promise<string>;
}

/** Sets up an authenticator app for a person. */
export async function totpOf({ database }: TestServer, { id, trpc }: Pick<Person, 'id' | 'trpc'>): Promise<TestApp> {
  const { secret } = await trpc.auth.totpBegin.mutate();
  const code = (steps = 0) =>
    TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() + steps * 30_000 });
  const { recoveryCodes } = await trpc.auth.totpConfirm.mutate({ code: code() });
  return {
    secret,
    recoveryCodes,
    code,
    async unusedCode() {
      await database.query('update totp_factors set last_step = 0 where user_id = $1', [id]);
      return code();
    },
  };
}
