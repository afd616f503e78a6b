import { createMacTokens, ID_BYTES, idAt, writeId } from './mac-token.ts';

/** Who downloads with it. Whether the session is live and the ticket has not expired is checked in the database. */
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

const FACTS_BYTES = 2 * ID_BYTES + 4;

export function createFileTickets(authSecret: string): FileTickets {
  const tokens = createMacTokens(authSecret, 'fechatter.file-ticket', FACTS_BYTES);
  return {
    encode({ userId, sessionId, expiresAtSeconds }) {
      const facts = Buffer.alloc(FACTS_BYTES);
      writeId(facts, userId, 0);
      writeId(facts, sessionId, ID_BYTES);
      facts.writeUInt32BE(expiresAtSeconds, 2 * ID_BYTES);
      return tokens.encode(facts);
    },
    decode(text) {
      const facts = tokens.decode(text);
      if (facts === undefined) return undefined;
      return {
        userId: idAt(facts, 0),
        sessionId: idAt(facts, ID_BYTES),
        expiresAtSeconds: facts.readUInt32BE(2 * ID_BYTES),
      };
    },
  };
}
