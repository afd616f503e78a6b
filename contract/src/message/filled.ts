// Runs in the SDK as it is: nothing here imports a schema.

/** What stands for a key that the wire leaves out. */
export type Empty = null | false | readonly never[];

/** The keys of a Message that the wire leaves out where they are empty: a plain message costs what it cost without. */
export const emptyOfMessage = { reactions: [], myReactions: [] } as const satisfies Readonly<Record<string, Empty>>;

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

/** By keys that no other noun has together. */
const isMessage = (value: Record<string, unknown>): boolean =>
  'sender' in value && 'number' in value && 'chatId' in value;

/**
 * Makes what puts left-out keys back into each noun within a value: a call's result, a page, an event. The value must
 * be the caller's own, fresh from the wire: it is changed in place, and returned.
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
    // A list of its own for each: one that is shared could be written to.
    for (const [key, empty] of keys) if (!(key in value)) value[key] = Array.isArray(empty) ? [] : empty;
  };
  return (value) => {
    if (keys.length > 0) fill(value);
    return value;
  };
}

/** Puts the keys back that messages leave out on the wire, wherever there is a message in a value. */
export const filled = fillerOf(emptyOfMessage, isMessage);
