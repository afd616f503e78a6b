import type { Chance } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { isDeepStrictEqual } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import type { Presence } from '@fechatter/client';
import type { Device } from '../subscribers/cast.ts';
import type { System } from '../system/system.ts';
import { signUp } from '../writers/people.ts';
import type { Scene } from '../writers/scene.ts';
import type { Findings } from './findings.ts';

/** A lost notification heals within 35 s, and the present state is read each 30 s. */
const HEALED_MS = 75_000;
/** What a killed instance showed as online is offline after this. */
const GONE_MS = 110_000;
const ONLINE_MS = 60_000;

/**
 * Compares the presence that apps show from signals with a fresh read; a person without a shared workspace is not shown. Called when
 * nothing changes any more. Returns the number of people compared.
 */
export async function checkPresence(scene: Scene, devices: readonly Device[], findings: Findings): Promise<number> {
  const userIds = [...scene.people.map(({ id }) => id), uuidv7()];
  let checked = 0;
  for (const { person, user } of devices) {
    if (user === undefined || user.ledger.endReason !== undefined) continue;
    checked += userIds.length;
    const { store, ledger } = user;
    const stops = userIds.map((id) => store.presence(id).subscribe(() => {}));
    let wrong: readonly string[] = [];
    const isRight = async () => {
      const { presences } = await person.client.user.presence.query({ userIds });
      wrong = presences.flatMap((is) => {
        const shown = store.presence(is.userId).getSnapshot();
        return isDeepStrictEqual(shown ?? offline(is.userId), is) ? [] : [`${text(shown)} is ${text(is)}`];
      });
      return wrong.length === 0;
    };
    await until(isRight, () => 'presence is right', HEALED_MS).catch((error: unknown) =>
      findings.add('presence is wrong', `${ledger.name}: ${String(error)}`, () => wrong),
    );
    for (const stop of stops) stop();
  }
  return checked;
}

const text = (value: unknown) => JSON.stringify(value) ?? 'not shown';
const offline = (userId: string): Presence => ({ userId, presence: 'offline', customStatus: null });

/**
 * A person whose only stream is at one instance is online for all who watch them; the instance is killed and the stream is not
 * opened again: then they are offline for all of them in time.
 */
export async function checkKilledPresence(
  system: System,
  scene: Scene,
  chance: Chance,
  devices: readonly Device[],
  findings: Findings,
): Promise<void> {
  const [workspace] = scene.workspaces;
  if (workspace === undefined) return;
  const person = await signUp(system, chance, scene.newName('watched'));
  const invite = { workspaceId: workspace.id, role: 'Member' as const };
  const { token } = await workspace.owner.client.workspace.invite.mutate(invite);
  await person.client.workspace.acceptInvite.mutate({ token });
  const watching = devices.filter(
    (device) =>
      device.user !== undefined && device.user.ledger.endReason === undefined && !scene.guests.has(device.person),
  );
  const slices = watching.flatMap(({ user }) => user?.store.presence(person.id) ?? []);
  const stops = slices.map((slice) => slice.subscribe(() => {}));
  const isAll = (presence: Presence['presence']) => slices.every((slice) => slice.getSnapshot()?.presence === presence);
  const shown = () => slices.map((slice) => slice.getSnapshot()?.presence ?? 'nothing').join(', ');
  const notify = chance.pick(system.notifies);
  const stream = await fetch(`${notify.url}/api/notifications/events`, {
    headers: { authorization: `Bearer ${person.client.session?.token ?? ''}` },
  });
  const reading = stream.text().catch(() => {});
  await person.client.user.setActivity.mutate({ isActive: true });
  try {
    await until(
      () => isAll('online'),
      () => `the person is online; shown: ${shown()}`,
      ONLINE_MS,
    );
    notify.service.signal('SIGKILL');
    await reading;
    await until(
      () => isAll('offline'),
      () => `the person whose instance was killed is offline; shown: ${shown()}`,
      GONE_MS,
    );
  } catch (error) {
    findings.add('presence is wrong', String(error));
  }
  for (const stop of stops) stop();
}
