import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type IrcLog, readIrcLogs } from './irc-log.ts';
import { eachOf, type Person, signUp, type Urls } from './people.ts';
import { persist } from './persist.ts';
import { isPerfect, prove, type Sent } from './proof.ts';
import { startSubscribers } from './subscriber-process.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: fileURLToPath(new URL('../sample', import.meta.url)) },
    server: { type: 'string', default: 'http://127.0.0.1:6688' },
    notify: { type: 'string', default: 'http://127.0.0.1:6687' },
    subscribers: { type: 'string', default: '3' },
    quiet: { type: 'boolean', default: false },
  },
});
const urls: Urls = { serverUrl: values.server, notifyUrl: values.notify };
const JOINING_AT_ONCE = 8;
const PATIENCE_MS = 30_000;
const print = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Makes one workspace with everyone in it and a public channel per file; each nick joins the channels in which it has
 * messages.
 */
async function settle(logs: readonly IrcLog[], subscribers: number) {
  const host = await signUp(urls, 'IRC');
  const workspace = await host.client.workspace.create.mutate({ name: 'IRC logs' });
  const nicks = new Set(logs.flatMap(({ lines }) => lines.map(({ nick }) => nick)));
  const listeners = Array.from({ length: subscribers }, (_, index) => `listener ${index + 1}`);
  const invite = await host.client.workspace.invite.mutate({
    workspaceId: workspace.id,
    role: 'Member',
    maxUses: Math.min(10_000, nicks.size + subscribers),
  });
  const people = new Map<string, Person>();
  await eachOf([...nicks, ...listeners], JOINING_AT_ONCE, async (name) => {
    const person = await signUp(urls, name);
    await persist(() => person.client.workspace.acceptInvite.mutate({ token: invite.token }));
    people.set(name, person);
    if (people.size % 250 === 0) print(`  ${people.size} people are in`);
  });
  const chats = new Map<string, string>();
  for (const { channel } of logs) {
    const clientId = randomUUID();
    const input = {
      name: channel,
      chatType: 'PublicChannel' as const,
      workspaceId: workspace.id,
      memberIds: [],
      clientId,
    };
    const chat = await persist(() => host.client.chat.create.mutate(input));
    chats.set(channel, chat.id);
  }
  await eachOf(logs, JOINING_AT_ONCE, async ({ channel, lines }) => {
    const chatId = chats.get(channel) ?? '';
    for (const name of new Set([...lines.map(({ nick }) => nick), ...listeners]))
      await persist(() => clientOf(people, name).chat.join.mutate({ chatId }));
  });
  const { token } = await host.client.workspace.invite.mutate({
    workspaceId: workspace.id,
    role: 'Member',
    maxUses: 10,
  });
  const link = `${urls.serverUrl}/#/invite/${token}`;
  return {
    people,
    chats,
    link,
    listeners: listeners.map((name) => people.get(name)).filter((one) => one !== undefined),
  };
}

function clientOf(people: ReadonlyMap<string, Person>, name: string) {
  const person = people.get(name);
  if (person === undefined) throw new Error(`no person is called ${name}`);
  return person.client;
}

/** Sends a channel's lines one after the other. A line whose response was lost is sent again and exists once. */
async function replay(
  log: IrcLog,
  chatId: string,
  people: ReadonlyMap<string, Person>,
): Promise<Sent & { lastSeq: number }> {
  const ids: string[] = [];
  let lastSeq = 0;
  for (const { nick, text } of log.lines) {
    const input = { chatId, content: text, clientId: randomUUID() };
    const message = await persist(() => clientOf(people, nick).message.send.mutate(input));
    ids.push(message.id);
    lastSeq = message.seq;
  }
  return { channel: log.channel, chatId, ids, lastSeq };
}

const logs = await readIrcLogs(values.from);
const total = logs.reduce((sum, { lines }) => sum + lines.length, 0);
print(`${total} messages in ${logs.length} channels`);
const settling = performance.now();
const { people, chats, link, listeners } = await settle(logs, Number(values.subscribers));
print(`${people.size} people signed up and joined in ${((performance.now() - settling) / 1_000).toFixed(1)} s`);

using subscribers = await startSubscribers(
  urls,
  listeners.map(({ credentials }) => credentials),
  values.quiet,
);
print(`${listeners.length} subscribers are live in a process of their own; all channels talk at once\n`);
const sending = performance.now();
const sent = await Promise.all(logs.map((log) => replay(log, chats.get(log.channel) ?? '', people)));
const seconds = (performance.now() - sending) / 1_000;
const lastSeqs = Object.fromEntries(
  sent.filter(({ ids }) => ids.length > 0).map(({ chatId, lastSeq }) => [chatId, lastSeq]),
);
const report = await subscribers.report(lastSeqs, PATIENCE_MS);
print(`\nsent ${total} messages in ${seconds.toFixed(1)} s: ${Math.round(total / seconds)} a second`);
if (report === undefined) {
  print('not proved: the subscribers did not receive everything');
  process.exit(1);
}
const findings = report.ledgers.flatMap((ledger) => prove(sent, ledger));
print(`reconnects ${report.reconnects}, resets ${report.resets}`);
for (const { channel, messages } of sent.map(({ channel, ids }) => ({ channel, messages: ids.length }))) {
  const own = findings.filter((finding) => finding.channel === channel);
  const sum = (pick: (finding: (typeof own)[number]) => number) => own.reduce((all, one) => all + pick(one), 0);
  print(
    `  #${channel.padEnd(24)} ${String(messages).padStart(5)} messages × ${own.length}: ` +
      `${sum((f) => f.lost)} lost, ${sum((f) => f.repeated)} repeated, ${sum((f) => f.phantom)} phantom, ${sum((f) => f.outOfOrder)} out of order`,
  );
}
const isProved = report.resets === 0 && findings.every(isPerfect);
print(
  isProved
    ? `proved: ${listeners.length} subscribers saw each of ${total} messages exactly once and in order`
    : 'not proved: see above',
);
print(`read it in the browser: ${link}`);
process.exit(isProved ? 0 : 1);
