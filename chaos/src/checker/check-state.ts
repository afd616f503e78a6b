import { readState } from '@fechatter/client/state';
import { isDeepStrictEqual } from 'node:util';
import type { Device } from '../subscribers/cast.ts';
import type { Findings } from './findings.ts';

/**
 * Compares the state of followers, who read once and then only applied events, with a fresh read. Called when nothing
 * changes any more.
 */
export async function checkStates(devices: readonly Device[], findings: Findings): Promise<number> {
  let checked = 0;
  for (const { follower } of devices) {
    if (follower === undefined || follower.ledger.endReason !== undefined) continue;
    const { name } = follower.ledger;
    if (follower.failure() !== undefined) {
      findings.add('a client was let down', `${name} could not go on: ${String(follower.failure())}`);
      continue;
    }
    checked += 1;
    const { state: fresh } = await readState(follower.client);
    const known = follower.state();
    for (const part of ['workspaces', 'chats', 'members'] as const)
      for (const id of new Set([...fresh[part].keys(), ...known[part].keys()])) {
        const [is, says] = [ofGuest(fresh[part].get(id)), ofGuest(known[part].get(id))];
        if (!isDeepStrictEqual(is, says))
          findings.add('state and events differ from a fresh read', `${name}: ${part} ${id}`, () => [
            `knows ${shown(says)}`,
            `reads ${shown(is)}`,
          ]);
      }
  }
  return checked;
}

const shown = (value: unknown): string =>
  JSON.stringify(value instanceof Map ? [...value.entries()] : value)?.slice(0, 2_000) ?? 'nothing';

/** A Guest does not receive every event of a workspace, so the workspace's event count is left out. */
export function ofGuest<T>(record: T): T {
  const isGuest = typeof record === 'object' && record !== null && 'role' in record && record.role === 'Guest';
  return isGuest && 'retentionDays' in record ? { ...record, lastSeq: 0 } : record;
}
