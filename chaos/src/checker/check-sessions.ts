import type { Ledger } from '../subscribers/ledger.ts';
import type { System } from '../system/system.ts';
import type { Scene } from '../writers/scene.ts';
import type { Findings } from './findings.ts';

/** No session may end unless a person ended it: not by a lost response to a refresh, not by a clock that jumps. */
export function checkSessions(scene: Scene, ledgers: readonly Ledger[], findings: Findings): void {
  for (const { endReason, sessionId, name } of ledgers)
    if (endReason !== undefined && !scene.ended.has(sessionId))
      findings.add('a client was let down', `${name}: its session ${sessionId} ended: ${endReason}`);
}

const PLACEHOLDER = 'an event is shown with a placeholder';

/** Messages that cannot be decrypted must be shown as unreadable and logged; no other message may be. */
export async function checkUnreadable(
  { scene, system }: { readonly scene: Scene; readonly system: System },
  ledgers: readonly Ledger[],
  findings: Findings,
): Promise<void> {
  const shown = new Set<string>();
  for (const { unreadable, name } of ledgers)
    for (const id of unreadable) {
      shown.add(id);
      if (!scene.tampered.has(id)) findings.add('a client was let down', `${name} could not read message ${id}`);
    }
  const logs = (await Promise.all(system.notifies.map((instance) => system.logOf(instance)))).join('\n');
  const lines = logs.split('\n').filter((line) => line.includes(PLACEHOLDER));
  const isLogged = (id: string) => lines.some((line) => line.includes(id));
  for (const id of shown)
    if (!isLogged(id))
      findings.add('a client was let down', `message ${id} was shown as unreadable, and no log says so`);
}
