import { type EventDefinition, definitionOfKind } from '@fechatter/contract';
import { compareReleases, type NewEvent, releaseFloor, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

type Introduced = Pick<EventDefinition, 'since'>;

/** Refuses (upgrading) to announce a kind of event that a running process does not know. */
export async function requireKnownByAll(
  tx: Tx,
  events: readonly Pick<NewEvent, 'kind'>[],
  definitionOf: (kind: NewEvent['kind']) => Introduced = definitionOfKind,
): Promise<void> {
  const introduced = events.flatMap(({ kind }) => definitionOf(kind).since ?? []);
  if (introduced.length === 0) return;
  const floor = await releaseFloor(tx);
  if (floor === undefined || introduced.some((since) => compareReleases(floor, since) < 0)) throw refuse('upgrading');
}
