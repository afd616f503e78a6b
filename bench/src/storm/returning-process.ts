import { connect } from 'node:net';
import type { FromReturning, ReturningClient, ToReturning } from './returning.ts';

// Each client keeps one stream open. When it breaks, the client reconnects at once with its last id.

const FRAME_END = '\n\n\n';
const AGAIN_MS = 100;

interface State extends ReturningClient {
  lastId: string;
  lastMark: number;
  got: number;
  isLive: boolean;
}

let port = 0;
let expectedMore = 0;
let clients: State[] = [];
let live = 0;
let repeated = 0;
let resets = 0;
let refused = 0;
let wasLive = false;
let wasCaughtUp = false;
let isHeld = false;
let held: State[] = [];

process.on('message', (message: ToReturning) => {
  switch (message.kind) {
    case 'open':
      ({ port } = message);
      clients = message.clients.map((client) => ({ ...client, lastId: '', lastMark: 0, got: 0, isLive: false }));
      for (const client of clients) open(client);
      break;
    case 'expect':
      expectedMore += message.more;
      wasCaughtUp = false;
      break;
    case 'hold':
      isHeld = true;
      break;
    case 'go':
      isHeld = false;
      for (const client of held) open(client);
      held = [];
      break;
    default:
      message satisfies never;
  }
});
process.once('disconnect', () => process.exit());

function open(client: State): void {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let rest = '';
  socket.write(`${client.head}${client.lastId === '' ? '' : `last-event-id: ${client.lastId}\r\n`}\r\n`);
  socket.on('data', (chunk: string) => {
    const frames = (rest + chunk).split(FRAME_END);
    rest = frames.pop() ?? '';
    for (const frame of frames) take(client, frame);
    report();
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    if (client.isLive) live--;
    else refused++;
    client.isLive = false;
    wasLive = false;
    if (isHeld) held.push(client);
    else setTimeout(open, AGAIN_MS, client);
  });
}

function take(client: State, frame: string): void {
  const id = /\nid: (\S+)$/.exec(frame)?.[1];
  if (id !== undefined) client.lastId = id;
  const mark = /BENCH-(\d{8})/.exec(frame)?.[1];
  if (mark !== undefined) {
    if (Number(mark) <= client.lastMark) repeated++;
    client.lastMark = Number(mark);
    client.got++;
  }
  if (frame.includes('"kind":"reset"')) resets++;
  if (!client.isLive && frame.includes('"kind":"ready"')) {
    client.isLive = true;
    live++;
  }
}

function report(): void {
  const state = { atNs: String(process.hrtime.bigint()), repeated, resets, refused };
  if (!wasLive && live === clients.length) {
    wasLive = true;
    process.send?.({ kind: 'all live', ...state } satisfies FromReturning);
  }
  if (!wasLive || wasCaughtUp) return;
  wasCaughtUp = clients.every(({ got, expected }) => got === expected + expectedMore);
  if (wasCaughtUp) process.send?.({ kind: 'all caught up', ...state } satisfies FromReturning);
}
