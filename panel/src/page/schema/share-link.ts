/** What must never stand in a link that is passed on. */
const SECRET = /password|token|secret|ticket/i;

export interface Place {
  readonly procedure: string;
  readonly input?: unknown;
}

/** A value without what is secret, by the names of its keys. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !SECRET.test(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** The hash that leads to a procedure, and to its form as it is filled. */
export function hashOfPlace({ procedure, input }: Place): string {
  const shown = withoutSecrets(input);
  return `#/${procedure}${shown === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(shown))}`}`;
}

/** Where a hash leads; a form that cannot be read is left as it is. */
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
