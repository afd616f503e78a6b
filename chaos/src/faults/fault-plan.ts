import { chanceOf, shuffled } from '@fechatter/testing/chance';

export const faultKinds = [
  'kill notify',
  'kill server',
  'kill worker',
  'stop notify in order',
  'stop server in order',
  'stop worker in order',
  'every service is restarted in turn',
  'kill Postgres',
  'kill back ends',
  'freeze notify',
  'freeze server',
  'freeze worker',
  'freeze Postgres',
  'cut client connections',
  'client connections go silent',
  'client connections go slow',
  'refuse client connections',
  'cut database connections',
  'database connections go silent',
  'readers go slow',
  'a flood behind stalled connections',
  'a chat head is held',
  'a snapshot is held',
  'a transaction is left idle',
  'a commit comes late',
  'removal while a notify is frozen',
  'revocation while a notify is frozen',
  'revocation',
  'all other devices are signed out',
  'suspension',
  'the log is pruned while readers come back',
  'the disk of Postgres is full',
  'Postgres is restarted in order',
  'a ciphertext is tampered with',
  'the clocks of clients jump',
  'responses come late',
  'a workspace is deleted while people talk in it',
  'removal from a workspace while joining its chats',
  'old messages are purged while people write',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly atMs: number;
  readonly kind: FaultKind;
  /** Selects one of the instances, however many there are. */
  readonly target: number;
  readonly forMs: number;
  /** The seed of the fault's own random choices. */
  readonly seed: number;
}

/** The times of all faults; the same for the same seed. Every kind comes once before any comes twice. */
export function planFaults(
  seed: number,
  durationMs: number,
  gapMs: number,
  kinds: readonly FaultKind[],
): readonly Fault[] {
  if (kinds.length === 0) return [];
  const chance = chanceOf(seed);
  const faults: Fault[] = [];
  let deck: FaultKind[] = [];
  let hasSuspended = false;
  for (let atMs = gapMs; atMs < durationMs - gapMs; ) {
    if (deck.length === 0) deck = shuffled(kinds, chance).filter((kind) => !hasSuspended || kind !== 'suspension');
    const kind = deck.shift() ?? 'kill notify';
    hasSuspended ||= kind === 'suspension';
    faults.push({
      atMs,
      kind,
      target: chance.below(1_000),
      forMs: 1_000 + chance.below(3_000),
      seed: chance.below(2 ** 31),
    });
    atMs += Math.floor(gapMs * (0.5 + chance.below(1_000) / 1_000));
  }
  return faults;
}
