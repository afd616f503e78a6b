import { type ChatSignal, definitionOfSignal, keyOfSignal, PresenceHint, supersedes } from '@fechatter/contract';

/** The channel on which every notify listens for signals; separate from the log's, whose notifications are empty. */
export const SIGNALS_CHANNEL = 'fechatter_signals';

/** The limit of Postgres. */
const PAYLOAD_MAX_BYTES = 7_999;

/** What processes send to all notifies. */
export type Sendable = (ChatSignal & { readonly hiddenFrom?: readonly string[] }) | PresenceHint;

const hidden = new WeakMap<ChatSignal, ReadonlySet<string>>();
const NO_ONE: ReadonlySet<string> = new Set();

/** Members of its chat who do not receive a signal that was read from a payload; no client is shown who they are. */
export const hiddenFrom = (signal: ChatSignal): ReadonlySet<string> => hidden.get(signal) ?? NO_ONE;

const isHint = (entry: Sendable): entry is PresenceHint =>
  entry.kind === 'presence.changed' || entry.kind === 'presence.watched';

/** The key: of waiting entries with the same key only one is sent. */
export function keyOfSendable(entry: Sendable): string {
  if (!isHint(entry)) return keyOfSignal(entry);
  return `${entry.kind} ${entry.kind === 'presence.changed' ? entry.userId : entry.streamId}`;
}

/** Whether `next` replaces `before`; both have the same key. */
export const replaces = (next: Sendable, before: Sendable): boolean =>
  isHint(next) || isHint(before) || supersedes(next, before);

/** The content of a payload. */
export interface ReadPayload {
  readonly signals: readonly ChatSignal[];
  readonly hints: readonly PresenceHint[];
  /** Entries of kinds that this build does not know. */
  readonly unknown: number;
  /** Invalid entries; 1 for a payload that is not a list. */
  readonly malformed: number;
}

/** Packs signals into as few payloads as possible. A signal that exceeds a payload is left out. */
export function payloadsOf(signals: Iterable<Sendable>): string[] {
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

/**
 * Parses a payload. Never throws, because anyone who may connect to the database can send one. Unknown keys are
 * dropped.
 */
export function readPayload(payload: string): ReadPayload {
  const entries = listIn(payload);
  if (entries === undefined) return { signals: [], hints: [], unknown: 0, malformed: 1 };
  const signals: ChatSignal[] = [];
  const hints: PresenceHint[] = [];
  let unknown = 0;
  let malformed = 0;
  for (const entry of entries) {
    const kind = kindOf(entry);
    const schema = kind === undefined ? undefined : schemaOf(kind);
    const parsed = schema?.safeParse(entry);
    if (parsed?.success) {
      if (isHint(parsed.data)) hints.push(parsed.data);
      else {
        signals.push(parsed.data);
        noteHidden(parsed.data, entry);
      }
    } else if (kind === undefined || schema !== undefined) malformed++;
    else unknown++;
  }
  return { signals, hints, unknown, malformed };
}

const schemaOf = (kind: string) => (kind.startsWith('presence.') ? PresenceHint : definitionOfSignal(kind)?.schema);

function noteHidden(signal: ChatSignal, entry: unknown): void {
  if (typeof entry !== 'object' || entry === null || !('hiddenFrom' in entry) || !Array.isArray(entry.hiddenFrom))
    return;
  hidden.set(signal, new Set(entry.hiddenFrom.filter((id) => typeof id === 'string')));
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
