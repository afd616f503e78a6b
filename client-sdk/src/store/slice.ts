import { callIsolated, type ErrorReport } from '../report-error.ts';

/** A part of the store: an immutable snapshot that stays the same until something in it changes. */
export interface Slice<T> {
  readonly getSnapshot: () => T;
  /** Calls `onChange` after changes, once for all changes in one turn; returns a function that removes it. */
  readonly subscribe: (onChange: () => void) => () => void;
}

export interface OwnSlice<T> extends Slice<T> {
  /** Marks its value as changed: it is computed again on the next read. */
  readonly invalidate: () => void;
  readonly isWatched: boolean;
}

export interface SliceOptions {
  /** Called when it gets a subscriber, for the first time or again. */
  readonly onWatched?: () => void;
  /** Called when the last subscriber is gone. */
  readonly onUnwatched?: () => void;
}

/**
 * Creates slices whose listeners are called together, in a later turn, so that a burst of events costs one rendering.
 * An error of a listener is reported and does not affect the others.
 */
export function slices(report?: ErrorReport): <T>(compute: () => T, options?: SliceOptions) => OwnSlice<T> {
  const notified = new Set<() => void>();
  let isScheduled = false;
  const flush = () => {
    isScheduled = false;
    const listeners = [...notified];
    notified.clear();
    for (const listener of listeners) callIsolated(listener, report);
  };
  return <T>(compute: () => T, { onWatched = () => {}, onUnwatched = () => {} }: SliceOptions = {}) => {
    const listeners = new Set<() => void>();
    let snapshot: { readonly value: T } | undefined;
    return {
      get isWatched() {
        return listeners.size > 0;
      },
      getSnapshot: () => (snapshot ??= { value: compute() }).value,
      subscribe(onChange) {
        const listener = () => onChange();
        listeners.add(listener);
        if (listeners.size === 1) onWatched();
        return () => {
          notified.delete(listener);
          if (listeners.delete(listener) && listeners.size === 0) onUnwatched();
        };
      },
      invalidate() {
        snapshot = undefined;
        for (const listener of listeners) notified.add(listener);
        if (isScheduled || notified.size === 0) return;
        isScheduled = true;
        setTimeout(flush, 0);
      },
    };
  };
}
