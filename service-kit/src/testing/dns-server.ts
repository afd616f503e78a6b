import { createSocket } from 'node:dgram';
import { createLookUp, type LookUp } from '../outbound/look-up.ts';

/** A DNS server for tests, with its own answer to each question. */
export interface DnsServer {
  /** Asks it. */
  readonly lookUp: LookUp;
  readonly server: string;
  /** How often it was asked for IPv4 addresses; it has no others. */
  readonly asked: () => number;
  readonly close: () => void;
}

const HEADER_BYTES = 12;
const TYPE_A = 1;
/** Name (that of the question), type A, class IN, no time to live, four bytes. */
const RECORD = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);

/** Listens on UDP; `answers` are the IPv4 addresses of the first question, the second, and so on. */
export async function dnsServer(
  answers: readonly (readonly string[])[],
  { isSilent = () => false }: { readonly isSilent?: (name: string) => boolean } = {},
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (question, { port, address }) => {
    const { name, type } = questionIn(question);
    if (isSilent(name)) return;
    const found = type === TYPE_A ? (answers[asked++] ?? []) : [];
    socket.send(answerTo(question, found), port, address);
  });
  await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
  const server = `127.0.0.1:${socket.address().port}`;
  return {
    lookUp: createLookUp({ servers: [server] }),
    server,
    asked: () => asked,
    close: () => void socket.close(),
  };
}

function questionIn(message: Buffer): { readonly name: string; readonly type: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1) };
}

function answerTo(question: Buffer, addresses: readonly string[]): Buffer {
  const nameEnds = question.indexOf(0, HEADER_BYTES) + 1;
  const header = Buffer.from(question.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x81_80, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  header.writeUInt32BE(0, 8);
  const records = addresses.map((address) => Buffer.concat([RECORD, Buffer.from(address.split('.').map(Number))]));
  return Buffer.concat([header, question.subarray(HEADER_BYTES, nameEnds + 4), ...records]);
}
