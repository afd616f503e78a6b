import type { Preferences } from '@fechatter/client';
import { useEffect } from 'react';
import { chatter } from '../chatter.ts';
import { type Result, useResult } from '../ui/use-result.ts';

export interface OwnPreferences extends Result<Preferences> {
  /** Changes what is given, and leaves the rest. */
  readonly set: (changed: Parameters<typeof chatter.user.setPreferences.mutate>[0]) => Promise<void>;
}

/** The person's preferences, also as they change them in other windows. */
export function usePreferences(): OwnPreferences {
  const preferences = useResult(() => chatter.user.preferences.query(), 'preferences');
  const { askAgain } = preferences;
  useEffect(() => {
    const { unsubscribe } = chatter.subscribe({
      onEvent({ kind }) {
        if (kind === 'user.preferences' || kind === 'reset') askAgain();
      },
      onError() {},
    });
    return unsubscribe;
  }, []);
  return {
    ...preferences,
    async set(changed) {
      await chatter.user.setPreferences.mutate(changed);
      askAgain();
    },
  };
}
