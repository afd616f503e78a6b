import { createFechatter } from '@fechatter/client';

/** The content of the screenshots: a team that chats. */
export interface Scene {
  readonly email: string;
  readonly workspaceId: string;
  /** Ids of conversations by name. */
  readonly chats: Readonly<Record<'general' | 'long' | 'languages' | 'releases', string>>;
}

export const SCENE_PASSWORD = 'correct horse battery staple';
const names = ['Maya Okafor', 'Jonas Berg', 'Lin Wei', 'Sara Haddad'] as const;

const talk: readonly (readonly [speaker: number, content: string])[] = [
  [1, 'Morning! The import finished overnight, 2.1 million messages, none twice.'],
  [2, 'Nice. Did anyone check the counts?'],
  [1, 'Channel by channel, in order. The proof is at https://example.com/runs/481'],
  [3, 'I killed the event service three times while it ran. My window just said “Reconnecting” and then went on.'],
  [0, 'Same here. For the record, all it takes to follow along:'],
  [
    0,
    "```ts\nfor await (const event of chatter.events()) {\n  if (event.kind === 'message.created') show(event.message);\n}\n```",
  ],
  [1, '`since` is only for going on where another process has stopped.'],
  [3, 'صباح الخير! متى نلتقي اليوم؟'],
  [0, 'Two o’clock, in the small room. I’ll bring the charts.'],
  [2, 'I’ll be there, with the numbers.'],
];

/** Signs a team up and sends its messages; `long` has `longCount` messages. */
export async function setScene(urls: { serverUrl: string; notifyUrl: string }, longCount = 0): Promise<Scene> {
  const unique = Date.now();
  const emails = names.map((name) => `${name.split(' ')[0]}-${unique}@example.com`.toLowerCase());
  const team = names.map(() => createFechatter(urls));
  for (const [index, client] of team.entries())
    await client.auth.signup.mutate({
      email: emails[index] ?? '',
      password: SCENE_PASSWORD,
      fullName: names[index] ?? '',
    });
  const [maya, ...others] = team;
  if (maya === undefined) throw new Error('there is a team');
  const { id: workspaceId } = await maya.workspace.create.mutate({ name: 'Northwind' });
  const { token } = await maya.workspace.invite.mutate({ workspaceId, role: 'Member', maxUses: 10 });
  for (const client of others) await client.workspace.acceptInvite.mutate({ token });
  const ids = team.map(({ session }) => session?.id ?? '');
  const make = (name: string, chatType: 'PublicChannel' | 'PrivateChannel' | 'Group' | 'Single', memberIds = ids) =>
    maya.chat.create.mutate({ name, chatType, workspaceId, memberIds });
  const general = await make('general', 'PublicChannel');
  const long = await make('log', 'PublicChannel');
  const languages = await make('languages', 'PublicChannel');
  const releases = await make('releases', 'PublicChannel');
  const hiring = await make('hiring', 'PrivateChannel', ids.slice(0, 3));
  const lunch = await make('Lunch', 'Group', ids);
  // Maya is not in this one.
  const corner = await team[1]?.chat.create.mutate({
    name: 'corner',
    chatType: 'PublicChannel',
    workspaceId,
    memberIds: [],
  });
  const direct = await make('-', 'Single', ids.slice(1, 2));

  const post = async (speaker: number, chatId: string, content: string) =>
    team[speaker]?.message.send.mutate({ chatId, content });
  for (const [speaker, content] of talk) await post(speaker, general.id, content);
  await post(2, languages.id, `A word: ${'Donaudampfschifffahrtsgesellschaft'.repeat(8)}`);
  await post(3, languages.id, `https://example.com/${'a-long-path/'.repeat(30)}?q=1`);
  await post(3, languages.id, 'שלום לכולם, זה טקסט מימין לשמאל עם code באמצע.\nAnd a line from left to right.');
  await post(1, languages.id, `\`\`\`\n${'const line = 1; '.repeat(20)}\n\`\`\``);
  await maya.chat.markRead.mutate({ chatId: languages.id, seq: 1_000 });
  for (const content of ['1.4 is out', 'Notes: https://example.com/notes', 'Thanks all!'])
    await post(2, releases.id, content);
  await post(1, hiring.id, 'Two people on Thursday.');
  await maya.chat.markRead.mutate({ chatId: hiring.id, seq: 1_000 });
  await post(3, lunch.id, 'Noodles?');
  if (corner !== undefined) await post(1, corner.id, 'Anybody here?');
  await post(1, direct.id, 'Do you have five minutes?');
  for (let index = 1; index <= longCount; index += 25)
    await Promise.all(
      Array.from({ length: Math.min(25, longCount - index + 1) }, (_, offset) =>
        post(
          offset % names.length,
          long.id,
          `line ${index + offset}${' and some more words'.repeat((index + offset) % 9)}`,
        ),
      ),
    );
  await maya.chat.markRead.mutate({ chatId: long.id, seq: 1_000_000 });
  return {
    email: emails[0] ?? '',
    workspaceId,
    chats: { general: general.id, long: long.id, languages: languages.id, releases: releases.id },
  };
}
