import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Who downloads with it. That the session lives, and that it is not too late, is judged in the database. */
export interface TicketHolder {
  readonly userId: string;
  readonly sessionId: string;
  /** By the database's clock. */
  readonly expiresAtSeconds: number;
}

/** Makes and reads tickets for downloads. Nothing is stored: a key that only servers have makes them. */
export interface FileTickets {
  encode(holder: TicketHolder): string;
  /** Undefined for anything that was not made here. */
  decode(text: string): TicketHolder | undefined;
}

const PURPOSE = 'fechatter.file-ticket';
const ID_BYTES = 16;
const FACTS_BYTES = 2 * ID_BYTES + 4;
const BYTES = FACTS_BYTES + 32;

export function createFileTickets(authSecret: string): FileTickets {
  const key = Buffer.from(hkdfSync('sha256', authSecret, '', PURPOSE, 32));
  const macOf = (facts: Buffer) => createHmac('sha256', key).update(facts).digest();

  return {
    encode({ userId, sessionId, expiresAtSeconds }) {
      const facts = Buffer.alloc(FACTS_BYTES);
      facts.write(userId.replaceAll('-', ''), 0, 'hex');
      facts.write(sessionId.replaceAll('-', ''), ID_BYTES, 'hex');
      facts.writeUInt32BE(expiresAtSeconds, 2 * ID_BYTES);
      return Buffer.concat([facts, macOf(facts)]).toString('base64url');
    },
    decode(text) {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length !== BYTES || bytes.toString('base64url') !== text) return undefined;
      const facts = bytes.subarray(0, FACTS_BYTES);
      if (!timingSafeEqual(bytes.subarray(FACTS_BYTES), macOf(facts))) return undefined;
      return {
        userId: idOf(facts, 0),
        sessionId: idOf(facts, ID_BYTES),
        expiresAtSeconds: facts.readUInt32BE(2 * ID_BYTES),
      };
    },
  };
}

const idOf = (bytes: Buffer, at: number): string =>
  bytes.toString('hex', at, at + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
