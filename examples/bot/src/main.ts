import { createFechatter, isFechatterError } from '@fechatter/client';
import { readFile, rename, writeFile } from 'node:fs/promises';

// A bot that answers `!echo …`. It keeps its cursor in a file: messages that arrive while it is down are answered when
// it is back. EMAIL=bot@example.com PASSWORD=… INVITE=… node --import tsx examples/bot/src/main.ts
const { EMAIL: email = '', PASSWORD: password = '', INVITE: token, SERVER, NOTIFY, PLACE = 'bot.cursor' } = process.env;
const chatter = createFechatter({
  serverUrl: SERVER ?? 'http://127.0.0.1:6688',
  notifyUrl: NOTIFY ?? 'http://127.0.0.1:6687',
});

const me = await chatter.auth.signin.mutate({ email, password }).catch((error: unknown) => {
  if (!isFechatterError(error, 'wrong_credentials')) throw error;
  return chatter.auth.signup.mutate({ email, password, fullName: 'Echo bot' });
});
if (token !== undefined) await chatter.workspace.acceptInvite.mutate({ token });

const cursorStorage = {
  load: () => readFile(PLACE, 'utf8').catch(() => undefined),
  // Written to a draft and renamed, because a truncated file would lose the cursor.
  save: (cursor: string) => writeFile(`${PLACE}.new`, cursor).then(() => rename(`${PLACE}.new`, PLACE)),
};
for await (const event of chatter.events({ cursorStorage })) {
  if (event.kind === 'ready') process.stdout.write('listening\n');
  if (event.kind !== 'message.created' || event.message.sender.id === me.id) continue;
  const [, words] = /^!echo (.+)$/su.exec(event.message.content) ?? [];
  // The clientId is the id of the question, so each question is answered once, whatever is repeated.
  const { chatId, message } = event;
  if (words !== undefined) await chatter.message.send.mutate({ chatId, content: words, clientId: message.id });
}
