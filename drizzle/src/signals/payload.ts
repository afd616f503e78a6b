import { definitionOfSignal, type Signal } from '@fechatter/contract';

/** The channel that every notify listens on for signals: apart from the log's, whose notifications carry nothing. */
export const SIGNALS_CHANNEL = 'fechatter_signals';

/** What Postgres takes. */
const PAYLOAD_MAX_BYTES = 7_999;

/** What a payload has in it. */
export interface ReadPayload {
  readonly signals: readonly Signal[];
  /** Entries of kinds that this build does not know. */
  readonly unknown: number;
  /** Entries that are no signals; 1 for a payload that is no list. */
  readonly malformed: number;
}

/** Packs signals into as few payloads as they fit in. A signal that fits in none is left out. */
export function payloadsOf(signals: Iterable<Signal>): string[] {
  const payloads: string[] = [];
  let open: string[] = [];
  let bytes = 2;
  for (const signal of signals) {
    const json = JSON.stringify(signal);
    const length = Buffer.byteLength(json) + 1;
    if (length + 1 > PAYLOAD_MAX_BYTES) continue;
    if (bytes + length > PAYLOAD_MAX_BYTES) {
      payloads.push(`[${open.join(',')}]`);
      open = [];
      bytes = 2;
    }
    open.push(json);
    bytes += length;
  }
  if (open.length > 0) payloads.push(`[${open.join(',')}]`);
  return payloads;
}

/** Reads a payload. Never throws: anyone who may connect to the database may notify. Keys that are not known are left out. */
export function readPayload(payload: string): ReadPayload {
  const entries = listIn(payload);
  if (entries === undefined) return { signals: [], unknown: 0, malformed: 1 };
  const signals: Signal[] = [];
  let unknown = 0;
  let malformed = 0;
  for (const entry of entries) {
    const kind = kindOf(entry);
    const definition = kind === undefined ? undefined : definitionOfSignal(kind);
    const parsed = definition?.schema.safeParse(entry);
    if (parsed?.success) signals.push(parsed.data);
    else if (kind === undefined || definition !== undefined) malformed++;
    else unknown++;
  }
  return { signals, unknown, malformed };
}

function listIn(payload: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function kindOf(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null || !('kind' in entry)) return undefined;
  return typeof entry.kind === 'string' ? entry.kind : undefined;
}
