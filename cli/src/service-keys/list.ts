import { listServiceKeys } from '@fechatter/server';
import type { Command, CommandContext } from '../command.ts';
import { withDatabase } from '../deployment.ts';

export const serviceKeysList: Command = {
  summary: 'list the keys of other apps, newest first, revoked ones too',
  details: 'At most 1000. The keys themselves are not stored.',
  run: list,
};

async function list(context: CommandContext): Promise<void> {
  const serviceKeys = await withDatabase(context.env, listServiceKeys);
  context.show(
    { serviceKeys },
    serviceKeys.map(({ id, name, issuer, scopes, lastUsedAt, revokedAt }) => {
      const used = `last used ${lastUsedAt?.toISOString() ?? 'never'}`;
      const state = revokedAt === null ? used : `revoked ${revokedAt.toISOString()}`;
      return `${id}  ${state}  ${issuer}  ${scopes.join(',')}  ${name}`;
    }),
  );
}
