import { createFechatter } from '@fechatter/client';
import { createStore, type HistoryEntry, type Store } from '@fechatter/client/store';
import { createInterface } from 'node:readline/promises';

// A chat in the terminal: node --import tsx examples/cli/src/main.ts
const input = createInterface({ input: process.stdin, output: process.stdout });
/** Other people's texts must not move the terminal's cursor or look like another line. */
const harmless = (text: string) => text.replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
const writeLine = (line: string) => process.stdout.write(`\r\x1b[K${harmless(line)}\n`);
const client = createFechatter({
  serverUrl: process.env['SERVER'] ?? 'http://127.0.0.1:6688',
  notifyUrl: process.env['NOTIFY'] ?? 'http://127.0.0.1:6687',
  onSessionEnded: (reason) => writeLine(`the session has ended: ${reason}`),
});

async function signIn(): Promise<void> {
  const email = await input.question('e-mail: ');
  const password = await input.question('password: ');
  const fullName = await input.question('name (only to make an account): ');
  if (fullName === '') await client.auth.signin.mutate({ email, password });
  else await client.auth.signup.mutate({ email, password, fullName });
}

async function pickChat(store: Store): Promise<string> {
  const chats = store.chats.getSnapshot();
  for (const [index, { name, unreadCount, lastMessage }] of chats.entries())
    writeLine(`${index + 1}. ${name} (${unreadCount} unread) ${lastMessage?.content ?? ''}`);
  const answer = await input.question('which one? (or the name of a new one) ');
  const chat = chats[Number(answer) - 1];
  if (chat !== undefined) return chat.id;
  const workspace =
    store.workspaces.getSnapshot()[0] ?? (await client.workspace.create.mutate({ name: 'A workspace of mine' }));
  const wanted = { name: answer, chatType: 'PublicChannel' as const, workspaceId: workspace.id, memberIds: [] };
  return (await client.chat.create.mutate(wanted)).id;
}

/** Prints what is new since the last call. */
function printer(): (entries: readonly HistoryEntry[]) => void {
  const printed = new Map<string, string>();
  return (entries) => {
    for (const { key, state, content, message } of entries) {
      const line = message === null ? `(${state}) ${content}` : `${message.sender.name}: ${content}`;
      if (printed.get(key) === line) continue;
      printed.set(key, line);
      writeLine(line);
    }
  };
}

await signIn();
const store = createStore(client);
await store.ready;
const chatId = await pickChat(store);
const history = store.messages(chatId);
const print = printer();
history.subscribe(() => {
  print(history.getSnapshot().entries);
  void store.markRead(chatId).catch(() => {});
});
let status = '';
store.connection.subscribe(() => {
  const now = store.connection.getSnapshot().status;
  if (now !== status) writeLine(`(${now})`);
  status = now;
});
writeLine('write and press enter; /older for what was said before, /quit to go');
for await (const line of input) {
  if (line === '/quit') break;
  if (line === '/older') await history.loadOlder();
  else if (line !== '') store.send(chatId, line);
}
store.close();
process.exit(0);
