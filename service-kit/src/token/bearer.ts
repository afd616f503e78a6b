const TOKEN_MAX_CHARS = 4_096;
const bearer = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/** The token of an `Authorization: Bearer …` header; undefined for an absent, overlong or malformed one. */
export function bearerOf(header: string | null | undefined): string | undefined {
  if (!header || header.length > TOKEN_MAX_CHARS) return undefined;
  return bearer.exec(header)?.[1];
}
