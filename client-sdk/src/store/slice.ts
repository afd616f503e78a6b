import { callIsolated, type ErrorReport } from '../report-error.ts';

/** A part of what is known: an immutable snapshot, the same one until something in it changes. */
export interface Slice<T> {
  readonly getSnapshot: () => T;
  /** Calls back after changes, once for many in one turn; answers how to stop that. */
  readonly subscribe: (onChange: () => void) => () => void;
}

export interface OwnSlice<T> extends Slice<T> {
  /** What it shows has changed: it is computed again when somebody looks. */
  readonly invalidate: () => void;
  readonly isWatched: boolean;
}

export interface SliceOptions {
  /** Someone is looking, for the first time or again. */
  readonly onWatched?: () => void;
  /** Nobody is looking any more. */
  readonly onUnwatched?: () => void;
}

/**
 * Makes slices whose listeners are told together, in a later turn: a burst of events costs one rendering. What a listener
 * throws is reported and stops no other one.
 */
export function slices(report?: ErrorReport): <T>(compute: () => T, options?: SliceOptions) => OwnSlice<T> {
  const told = new Set<() => void>();
  let isScheduled = false;
  const flush = () => {
    isScheduled = false;
    const listeners = [...told];
    told.clear();
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
          told.delete(listener);
          if (listeners.delete(listener) && listeners.size === 0) onUnwatched();
        };
      },
      invalidate() {
        snapshot = undefined;
        for (const listener of listeners) told.add(listener);
        if (isScheduled || told.size === 0) return;
        isScheduled = true;
        setTimeout(flush, 0);
      },
    };
  };
}
