import { PresenceInput, PresenceList } from '@fechatter/contract';
import { readPresence } from './read-presence.ts';
import { authed } from '../procedures.ts';

export const presence = authed('read')
  .meta({
    keyPermission: 'workspace.read',
    openapi: {
      method: 'GET',
      path: '/presence',
      summary: 'Read the presence of people',
      description:
        'Of up to 100 people: `online` (connected, and active within 5 minutes), `idle` (connected) or `offline`, and ' +
        'the custom status. People with whom you share no workspace, and people who do not show it, are `offline`. To ' +
        'receive changes, watch people on a stream (`POST /presence/watch`).',
      tags: ['user'],
    },
  })
  .input(PresenceInput)
  .output(PresenceList)
  .query(async ({ ctx: { deps, principal }, input: { userIds } }) => ({
    presences: await readPresence(deps.db, principal.userId, userIds),
  }));
