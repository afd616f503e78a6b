import { networksOf } from '@fechatter/service-kit';

/** Where the hashing of a password waits among others: see FairQueue. */
export interface HashLane {
  /** People whom the account knows wait apart from everyone else. */
  readonly isKnown: boolean;
  readonly path: readonly string[];
}

/** The lane of callers from this address. */
export const strangersLane = (address: string): HashLane => ({ isKnown: false, path: widestFirst(address) });

/** The lane of a known device or a session. Of networks too: many accounts in one of them have its share and no more. */
export const knownLane = (address: string, id: string): HashLane => ({
  isKnown: true,
  path: [...widestFirst(address), id],
});

const widestFirst = (address: string): readonly string[] => networksOf(address).toReversed();
