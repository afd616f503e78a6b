import { createFechatter, type Event } from '@fechatter/client';
import type { Credentials, Urls } from './people.ts';

// A separate process: signs in, prints live messages, and reports on request what it received.

/** The messages of the demo to this process. */
export type Order =
  | { readonly do: 'listen'; readonly urls: Urls; readonly people: readonly Credentials[]; readonly isQuiet: boolean }
  /** Report once every subscriber has received the last seq of each channel. */
  | { readonly do: 'report'; readonly lastSeqs: Readonly<Record<string, number>> };

/** One message as it arrived: `[id, seq]`, by channel. */
export type Ledger = Record<string, [id: string, seq: number][]>;
export type Report =
  | { readonly kind: 'listening' }
  | { readonly kind: 'progress'; readonly events: number }
  | {
      readonly kind: 'report';
      readonly ledgers: readonly Ledger[];
      readonly resets: number;
      readonly reconnects: number;
    };

const ledgers: Ledger[] = [];
const seen: Map<string, number>[] = [];
let events = 0;
let resets = 0;
let reconnects = 0;
let onEvent = () => {};

const send = (report: Report) => process.send?.(report);

async function listen(urls: Urls, credentials: Credentials, isPrinting: boolean): Promise<void> {
  const client = createFechatter(urls);
  await client.auth.signin.mutate(credentials);
  const ledger: Ledger = {};
  const lastSeqs = new Map<string, number>();
  ledgers.push(ledger);
  seen.push(lastSeqs);
  await new Promise<void>((resolve, reject) => {
    const follow = async () => {
      const stream = client.events({
        onStatus(status) {
          if (status === 'live') resolve();
          if (status === 'reconnecting') reconnects += 1;
        },
      });
      for await (const event of stream) note(event, ledger, lastSeqs, isPrinting);
    };
    follow().catch(reject);
  });
}

function note(event: Event, ledger: Ledger, lastSeqs: Map<string, number>, isPrinting: boolean): void {
  if (event.kind === 'reset') resets += 1;
  if (!('chatId' in event) || !('seq' in event) || event.seq === undefined) return;
  events += 1;
  lastSeqs.set(event.chatId, event.seq);
  if (event.kind === 'message.created') {
    (ledger[event.chatId] ??= []).push([event.message.id, event.seq]);
    const line = `${event.message.sender.name}> ${event.message.content}`;
    // Other people's texts must not move the terminal's cursor or look like another line.
    if (isPrinting) process.stdout.write(`  <${line.replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '\ufffd')}\n`);
  }
  onEvent();
}

function report(lastSeqs: Readonly<Record<string, number>>): void {
  const hasAll = () =>
    seen.every((own) => Object.entries(lastSeqs).every(([chatId, lastSeq]) => (own.get(chatId) ?? 0) >= lastSeq));
  const check = () => {
    if (!hasAll()) return;
    onEvent = () => {};
    send({ kind: 'report', ledgers, resets, reconnects });
  };
  onEvent = check;
  check();
}

process.on('disconnect', () => process.exit(0));
setInterval(() => send({ kind: 'progress', events }), 1_000);
process.on('message', (order: Order) => {
  if (order.do === 'report') return report(order.lastSeqs);
  Promise.all(order.people.map((person, index) => listen(order.urls, person, index === 0 && !order.isQuiet))).then(
    () => send({ kind: 'listening' }),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
