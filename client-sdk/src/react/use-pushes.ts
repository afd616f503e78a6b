import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Pushes, PushState } from '../push/create-pushes.ts';

/** Whether this browser is notified, and what changes that. */
export interface PushesView {
  /** Undefined until it is known. */
  readonly state: PushState | undefined;
  /** Asks the person for permission, so call it when they click. Rejects as {@link Pushes.turnOn} does. */
  readonly turnOn: () => Promise<void>;
  /** Rejects as {@link Pushes.turnOff} does; `state` is right also then. */
  readonly turnOff: () => Promise<void>;
}

/**
 * For settings of notifications. `pushes` is what `createPushes` of `@fechatter/client/push` has made, once for the app. Looks again
 * after each change, and when the page is shown: people forbid notifications in the settings of their browser.
 */
export function usePushes(pushes: Pushes): PushesView {
  const [state, setState] = useState<PushState>();
  const look = useCallback(async () => setState(await pushes.state().catch(() => undefined)), [pushes]);
  useEffect(() => {
    const page = globalThis.document as Document | undefined;
    const onShown = () => void look();
    onShown();
    page?.addEventListener('visibilitychange', onShown);
    return () => page?.removeEventListener('visibilitychange', onShown);
  }, [look]);
  return useMemo(() => {
    const change = async (work: () => Promise<unknown>) => {
      try {
        await work();
      } finally {
        await look();
      }
    };
    return { state, turnOn: () => change(() => pushes.turnOn()), turnOff: () => change(() => pushes.turnOff()) };
  }, [pushes, look, state]);
}
