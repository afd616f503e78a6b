import type { StageSystem } from '../latency/stage.ts';
import { type BenchPerson, makePeople, makeWorkspace } from '../system/people.ts';

const WORKSPACES = 200;
const CHANGES = 20;

/** A person in the maximum number of workspaces. */
export async function manyWorkspaces({ pool }: StageSystem): Promise<BenchPerson> {
  const [person, other] = await makePeople(pool, 2);
  if (person === undefined || other === undefined) throw new Error('two people are made');
  for (let n = 0; n < WORKSPACES; n++) await makeWorkspace(pool, [person, other]);
  return person;
}

/** Makes all name changes that a person may make in an hour at once; each change is an event in each workspace. */
export async function floodProfile({ keys, server }: StageSystem, person: BenchPerson): Promise<void> {
  for (let change = 0; change < CHANGES; change++) {
    const response = await fetch(`${server.url}/trpc/user.update`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.tokenFor(person)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ json: { fullName: `Person ${change}` } }),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`user.update returned ${response.status}`);
  }
}
