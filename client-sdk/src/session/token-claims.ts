interface Claims {
  readonly iat?: number;
  readonly exp?: number;
  readonly sid?: string;
}

/** The claims of a token; empty if it cannot be read. Only the services verify it. */
function claimsOf(token: string): Claims {
  try {
    const payload = token.split('.')[1] ?? '';
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Claims;
  } catch {
    return {};
  }
}

/** The session that a token belongs to; undefined if it does not say. */
export const sessionIdOf = (token: string): string | undefined => claimsOf(token).sid;

/** How long a token is valid from its creation on; 0 if it does not say. */
export function lifeMs(token: string): number {
  const { iat, exp } = claimsOf(token);
  return iat !== undefined && exp !== undefined ? (exp - iat) * 1_000 : 0;
}
