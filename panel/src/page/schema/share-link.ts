/** Keys whose values must never be in a link. */
const SECRET = /password|token|secret|ticket/i;

export interface Place {
  readonly procedure: string;
  readonly input?: unknown;
}

/** A copy of a value without secrets, recognised by their keys. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !SECRET.test(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** The hash that opens a procedure with its form as it is filled. */
export function hashOfPlace({ procedure, input }: Place): string {
  const shown = withoutSecrets(input);
  return `#/${procedure}${shown === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(shown))}`}`;
}

/** The place that a hash names; an input that cannot be parsed is ignored. */
export function placeOfHash(hash: string): Place | undefined {
  const { procedure, query } = /^#\/(?<procedure>[\w.]+)(?:\?(?<query>.*))?$/s.exec(hash)?.groups ?? {};
  if (procedure === undefined) return undefined;
  const input = new URLSearchParams(query ?? '').get('input');
  if (input === null) return { procedure };
  try {
    return { procedure, input: JSON.parse(input) as unknown };
  } catch {
    return { procedure };
  }
}
