import { refuse } from '@fechatter/service-kit';

/** The commonest of what was stolen elsewhere, in small letters; unpacked when the first password is chosen. */
const common = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
};
let unpacked: ReturnType<typeof common> | undefined;

/**
 * Refuses the most common passwords, in any case and with blanks around them, and passwords of blanks only. Asks no
 * other service.
 */
export async function checkPasswordChoice(password: string): Promise<void> {
  const bare = password.normalize('NFKC').trim().toLowerCase();
  unpacked ??= common();
  if (bare === '' || (await unpacked).has(bare)) throw refuse('password_too_common');
}
