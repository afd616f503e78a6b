import type { TabPlatform } from '../tabs/tab-platform.ts';
import { heldLocks } from './held-locks.ts';

/** A browser tab, as far as sharing needs it. */
export interface TestTab {
  readonly platform: TabPlatform;
  isVisible: boolean;
  /** Kills it: its locks are free, its channels closed. */
  kill(): void;
  /** Freezes it without warning: it keeps its locks, and receives messages later. */
  stop(): void;
  goOn(): void;
  /** Freezes it with the browser's warning. */
  freeze(): void;
  resume(): void;
}

/** The features that a browser lacks in a test. */
export interface Lacks {
  readonly locks?: 'refused' | 'throw' | 'never given';
  readonly channels?: 'throw' | 'deaf';
}

/** A browser whose tabs have Node's channels and locks as the standard describes them. */
export function tabBrowser(lacks: Lacks = {}): { openTab(): TestTab; readonly posted: readonly unknown[] } {
  const locks = heldLocks();
  const posted: unknown[] = [];
  return {
    posted,
    openTab() {
      const channels = new Set<BroadcastChannel>();
      const callbacks = { freeze: () => {}, resume: () => {} };
      const mine = locks.of();
      let held: (() => void)[] | undefined;
      const run = (work: () => void) => (held === undefined ? work() : void held.push(work));
      const openChannel: TabPlatform['openChannel'] = (name, onMessage = () => {}) => {
        if (lacks.channels === 'throw') throw new Error('channels are refused');
        const real = new BroadcastChannel(name);
        // Node's alone.
        (real as { unref?: () => void }).unref?.();
        channels.add(real);
        real.addEventListener('message', ({ data }) => {
          if (lacks.channels !== 'deaf') run(() => channels.has(real) && onMessage(data));
        });
        return {
          send(message) {
            posted.push(message);
            run(() => channels.has(real) && real.postMessage(message));
          },
          close() {
            channels.delete(real);
            real.close();
          },
        };
      };
      const request = async (...args: Parameters<LockManager['request']>) => {
        if (lacks.locks === 'refused') throw new DOMException('locks are refused', 'SecurityError');
        if (lacks.locks === 'never given') return new Promise(() => {});
        return mine.request(...args);
      };
      const tab: TestTab = {
        isVisible: true,
        platform: {
          locks: {
            request: ((...args: Parameters<LockManager['request']>) => {
              if (lacks.locks === 'throw') throw new DOMException('locks are refused', 'SecurityError');
              return request(...args);
            }) as LockManager['request'],
          },
          openChannel,
          isVisible: () => tab.isVisible,
          onFreeze(freeze, resume) {
            Object.assign(callbacks, { freeze, resume });
            return () => {};
          },
        },
        kill() {
          mine.drop();
          for (const channel of channels) channel.close();
          channels.clear();
        },
        stop() {
          held ??= [];
        },
        goOn() {
          const due = held ?? [];
          held = undefined;
          for (const work of due) work();
        },
        freeze() {
          callbacks.freeze();
          tab.stop();
        },
        resume() {
          tab.goOn();
          callbacks.resume();
        },
      };
      return tab;
    },
  };
}
