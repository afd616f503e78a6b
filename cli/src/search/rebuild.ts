import type { Command, CommandContext } from '../command.ts';
import { ringOf, withDatabase } from '../deployment.ts';
import { rebuildIndex } from './rebuild-index.ts';

export const searchRebuild: Command = {
  summary: 'rebuild the index of messages, while everything runs',
  details: `
Workers build it beside the one in use, which serves queries until the new one is complete. \`search status\` shows how far they
are. Nothing is lost if you never need this: it also removes what deleted messages left unused in the old one.`,
  run: rebuild,
};

async function rebuild({ env, print }: CommandContext): Promise<void> {
  const hasBegun = await withDatabase(env, (db) => rebuildIndex(db, ringOf(env), 'always'));
  print(
    hasBegun ? 'workers rebuild the index' : 'there is no index: no worker has begun one, or search is switched off',
  );
}
