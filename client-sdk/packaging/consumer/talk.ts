import { createFechatter, type Event, type FechatterClient, memoryStorage, type Subscription } from '@fechatter/client';
import { createFiles } from '@fechatter/client/files';
import { createOutbox } from '@fechatter/client/outbox';
import { createStore, type Store } from '@fechatter/client/store';
import { useAccount } from './account.ts';
import { useEverything } from './consumer.ts';

// What the consumer's program does with a running system, in Node and in a browser alike.

export interface TalkTargets {
  /** Alice's connection, which breaks. */
  readonly alice: { readonly serverUrl: string; readonly notifyUrl: string };
  readonly bob: { readonly serverUrl: string; readonly notifyUrl: string };
  /** `POST <controlUrl>/cut` breaks Alice's connection, `POST <controlUrl>/restore` restores it. */
  readonly controlUrl: string;
}

const LIVE = 5;
const OFFLINE = 10;
const TOTAL = LIVE + OFFLINE + LIVE;
const PATIENCE_MS = 20_000;

/** Two people talk; one of them loses the connection for a while. Returns what was seen; throws where anything is not right. */
export async function talk({ alice: her, bob: his, controlUrl }: TalkTargets): Promise<string> {
  const [alice, bob] = [await signUp(her, 'Alice'), await signUp(his, 'Bob')];
  await useAccount(his);
  await useEverything(bob);
  const chatId = await chatOf(alice, bob);
  const [hers, theirs] = [createStore(alice, { outbox: createOutbox(alice, { backoff }) }), createStore(bob)];
  await Promise.all([hers.ready, theirs.ready]);
  const heard: string[] = [];
  const subscription = await listen(bob, heard);

  for (let index = 0; index < LIVE; index += 1) hers.send(chatId, `live ${index}`);
  await shows(theirs, chatId, LIVE);

  await fetch(`${controlUrl}/cut`, { method: 'POST' });
  await until(
    hers.connection.subscribe,
    () => hers.connection.getSnapshot().status !== 'live',
    'the connection is cut',
  );
  for (let index = 0; index < OFFLINE; index += 1) hers.send(chatId, `offline ${index}`);
  for (let index = 0; index < LIVE; index += 1)
    await bob.message.send.mutate({ chatId, content: `meanwhile ${index}` });
  const waiting = hers.outbox.unsent.getSnapshot().filter(({ state }) => state === 'pending').length;
  expect(waiting === OFFLINE, `${waiting} messages wait for the network`);

  await fetch(`${controlUrl}/restore`, { method: 'POST' });
  const [seenByAlice, seenByBob] = await Promise.all([shows(hers, chatId, TOTAL), shows(theirs, chatId, TOTAL)]);
  expect(seenByAlice.join() === seenByBob.join(), 'both see the same, in the same order');
  expect(new Set(seenByBob).size === TOTAL, 'no message is shown twice');
  const sent = seenByBob.filter((content) => content.startsWith('offline'));
  expect(
    sent.every((content, index) => content === `offline ${index}`),
    'the outbox has kept the order',
  );
  await until(hers.outbox.unsent.subscribe, () => hers.outbox.unsent.getSnapshot().length === 0, 'the outbox is empty');
  expect(heard.join() === seenByBob.join(), `every message was one event: ${heard.join()}`);
  for (const { gap, duplicate } of [subscription.counts, hers.connection.getSnapshot().counts])
    expect(gap + duplicate === 0, 'no event was missed or came twice');
  await sendsFile(hers, bob, chatId);
  subscription.unsubscribe();
  hers.close();
  theirs.close();
  return `${TOTAL} messages, ${OFFLINE} of them written offline; none lost, none twice`;
}

/** The outbox uploads a file and sends it; the other one downloads the same bytes. */
async function sendsFile(store: Store, reader: FechatterClient, chatId: string): Promise<void> {
  const content = new TextEncoder().encode('the content of a file');
  const { sent } = store.send(chatId, 'with a file', null, { files: [{ content, name: 'a.txt', mime: 'text/plain' }] });
  const [file] = (await sent).files;
  const response = await createFiles(reader).download(file?.id ?? '');
  expect((await response.text()) === 'the content of a file', 'the file has its content');
}

const backoff = { firstMs: 20, maxMs: 200 };

async function signUp(
  urls: { readonly serverUrl: string; readonly notifyUrl: string },
  name: string,
): Promise<FechatterClient> {
  const client = createFechatter({ ...urls, storage: memoryStorage(), backoff });
  const email = `${name.toLowerCase()}-${crypto.randomUUID()}@example.com`;
  await client.auth.signup.mutate({ email, password: 'correct horse battery staple', fullName: name });
  return client;
}

async function chatOf(alice: FechatterClient, bob: FechatterClient): Promise<string> {
  const { id: workspaceId } = await alice.workspace.create.mutate({ name: 'w' });
  const { token } = await alice.workspace.invite.mutate({ workspaceId, role: 'Member' });
  await bob.workspace.acceptInvite.mutate({ token });
  const memberIds = [bob.session?.id ?? ''];
  const { id } = await alice.chat.create.mutate({ name: 'c', chatType: 'Group', workspaceId, memberIds });
  return id;
}

/** Hears every message from the moment that it returns: events "from now" begin when the stream is live. */
async function listen(client: FechatterClient, heard: string[]): Promise<Subscription> {
  const onEvent = (event: Event) => {
    if (event.kind === 'message.created') heard.push(event.message.content);
  };
  return await new Promise((resolve) => {
    const subscription: Subscription = client.subscribe({
      onEvent,
      onStatus: (status) => {
        if (status === 'live') queueMicrotask(() => resolve(subscription));
      },
    });
  });
}

/** The contents of a chat as soon as that many are acknowledged. */
async function shows(store: Store, chatId: string, count: number): Promise<readonly string[]> {
  const history = store.messages(chatId);
  const sent = () => history.getSnapshot().entries.filter(({ state }) => state === 'sent');
  await until(history.subscribe, () => sent().length >= count, `${count} messages`);
  return sent().map(({ content }) => content);
}

/** Waits for a fact that a slice of a store shows. */
async function until(subscribe: Store['chats']['subscribe'], fact: () => boolean, what: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not within ${PATIENCE_MS} ms: ${what}`)), PATIENCE_MS);
    const look = () => {
      if (!fact()) return;
      clearTimeout(late);
      unsubscribe();
      resolve();
    };
    const unsubscribe = subscribe(look);
    look();
  });
}

function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`expected: ${what}`);
}
