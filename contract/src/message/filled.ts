// Runs in the SDK unchanged: imports no schema.

/** The value of a key that is left out on the wire. */
export type Empty = null | false | readonly never[];

/**
 * The keys of a Message that are left out on the wire if they are empty, so that they add nothing to a plain message.
 */
export const emptyOfMessage = {
  threadId: null,
  thread: null,
  reactions: [],
  mentions: null,
  files: [],
  pinnedAt: null,
  quotedId: null,
  data: null,
  myReactions: [],
  isSaved: false,
} as const satisfies Readonly<Record<string, Empty>>;

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

/** Recognised by keys that no other noun has together. */
const isMessage = (value: Record<string, unknown>): boolean =>
  'sender' in value && 'number' in value && 'chatId' in value;

/**
 * Returns a function that puts left-out keys back into each noun within a value: a call's result, a page, an event. It
 * changes the value in place and returns it, so the value must belong to the caller, fresh from the wire.
 */
export function fillerOf(
  empties: Readonly<Record<string, Empty>>,
  isNoun: (value: Record<string, unknown>) => boolean,
): <Value>(value: Value) => Value {
  const keys = Object.entries(empties);
  const fill = (value: unknown): void => {
    if (!isTree(value)) return;
    for (const inner of Object.values(value)) fill(inner);
    if (!isNoun(value)) return;
    // Each gets a list of its own: a shared one could be written to.
    for (const [key, empty] of keys) if (!(key in value)) value[key] = Array.isArray(empty) ? [] : empty;
  };
  return (value) => {
    if (keys.length > 0) fill(value);
    return value;
  };
}

/** Puts the left-out keys back into every message within a value. */
export const filled = fillerOf(emptyOfMessage, isMessage);
