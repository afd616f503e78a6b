interface Claims {
  readonly iat?: number;
  readonly exp?: number;
  readonly sid?: string;
}

/** What a token says of itself; nothing where it cannot be read. The services judge it, not this. */
function claimsOf(token: string): Claims {
  try {
    const payload = token.split('.')[1] ?? '';
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Claims;
  } catch {
    return {};
  }
}

/** The session that a token belongs to; undefined where it does not say. */
export const sessionIdOf = (token: string): string | undefined => claimsOf(token).sid;

/** How long a token lives from its making on; 0 where it does not say. */
export function lifeMs(token: string): number {
  const { iat, exp } = claimsOf(token);
  return iat !== undefined && exp !== undefined ? (exp - iat) * 1_000 : 0;
}
