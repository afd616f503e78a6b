import { useSyncExternalStore } from 'react';

/** A choice that holds in this browser, for everyone who uses it, in all of its windows. */
export interface DeviceSetting<Value extends string> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** A setting with these values, the first of which holds until another is chosen. It is kept in memory if nothing else is allowed. */
export function deviceSetting<Value extends string>(
  name: string,
  values: readonly [Value, ...Value[]],
): DeviceSetting<Value> {
  const key = `fechatter.${name}`;
  const listeners = new Set<() => void>();
  const tell = () => listeners.forEach((listener) => listener());
  const kept = (): string | null => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  let value = valueOf(kept());

  function valueOf(text: string | null): Value {
    return values.find((one) => one === text) ?? values[0];
  }
  addEventListener('storage', (event) => {
    if (event.key !== key && event.key !== null) return;
    value = valueOf(event.newValue);
    tell();
  });
  return {
    get: () => value,
    set(next) {
      value = next;
      try {
        localStorage.setItem(key, next);
      } catch {
        // It holds until the page is closed.
      }
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export const useDeviceSetting = <Value extends string>({ subscribe, get }: DeviceSetting<Value>): Value =>
  useSyncExternalStore(subscribe, get);
