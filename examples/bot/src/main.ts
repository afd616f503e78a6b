import { createFechatter, isFechatterError, type Message } from '@fechatter/client';
import { readFile, rename, writeFile } from 'node:fs/promises';

// A bot that reacts to commands and answers them: `!echo hello`, `!help`. It keeps its cursor in a file: messages that
// arrive while it is down are answered when it is back. KEY=fck_… node --import tsx examples/bot/src/main.ts
const { KEY: key = '', PLACE = 'bot.cursor' } = process.env;
const { SERVER: serverUrl = 'http://127.0.0.1:6688', NOTIFY: notifyUrl = 'http://127.0.0.1:6687' } = process.env;

/** What each command answers to the words after it. */
const commands: ReadonlyMap<string, (words: string) => string> = new Map([
  ['echo', (words: string) => words || 'Say something after !echo.'],
  ['help', () => `I know ${[...commands.keys()].map((name) => `!${name}`).join(' and ')}.`],
]);

const chatter = createFechatter({ serverUrl, notifyUrl });
await chatter.adoptKey(key);

/** It does nothing twice, whatever is repeated: the same reaction counts once, and so does the same clientId. */
async function answer({ id, chatId, threadId, content, sender }: Message): Promise<void> {
  // Not to bots: two of them could talk for ever.
  if (sender.kind === 'Bot') return;
  const [, name = '', words = ''] = /^!(\w+)\s*(.*)$/su.exec(content) ?? [];
  const command = commands.get(name);
  if (command === undefined) return;
  await chatter.message.react.mutate({ chatId, messageId: id, emoji: '👀' });
  const inThread = threadId === null ? {} : { threadId };
  await chatter.message.send.mutate({ chatId, content: command(words), clientId: id, ...inThread });
}

/** What cannot be answered, because it was deleted meanwhile for example, must not stop the bot. */
async function answerIfPossible(message: Message): Promise<void> {
  try {
    await answer(message);
  } catch (error) {
    // Of anything else it dies: whatever starts it again makes it continue with this message.
    if (!isFechatterError(error) || error.data?.reason === 'rate_limited') throw error;
    process.stderr.write(`not answered: ${error.message}\n`);
  }
}

const cursorStorage = {
  load: () => readFile(PLACE, 'utf8').catch(() => undefined),
  // Written to a draft and renamed, because a truncated file would lose the cursor.
  save: (cursor: string) => writeFile(`${PLACE}.new`, cursor).then(() => rename(`${PLACE}.new`, PLACE)),
};
for await (const event of chatter.events({ cursorStorage })) {
  if (event.kind === 'ready') process.stdout.write('listening\n');
  if (event.kind === 'message.created') await answerIfPossible(event.message);
}
