import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Authentication codes of facts, made with a key of the servers: nothing is stored, and no one else can make one. */
export interface MacTokens {
  encode(facts: Buffer): string;
  /** The facts; undefined for anything that was not made here, in this form. */
  decode(text: string): Buffer | undefined;
}

const MAC_BYTES = 32;
/** What a UUID takes in facts. */
export const ID_BYTES = 16;

/** `purpose` separates keys of one secret; `factsBytes` is the size of the facts of every token. */
export function createMacTokens(authSecret: string, purpose: string, factsBytes: number): MacTokens {
  const key = Buffer.from(hkdfSync('sha256', authSecret, '', purpose, 32));
  const macOf = (facts: Buffer) => createHmac('sha256', key).update(facts).digest();

  return {
    encode: (facts) => Buffer.concat([facts, macOf(facts)]).toString('base64url'),
    decode(text) {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length !== factsBytes + MAC_BYTES || bytes.toString('base64url') !== text) return undefined;
      const facts = bytes.subarray(0, factsBytes);
      return timingSafeEqual(bytes.subarray(factsBytes), macOf(facts)) ? facts : undefined;
    },
  };
}

export const writeId = (facts: Buffer, id: string, at: number): number =>
  facts.write(id.replaceAll('-', ''), at, 'hex');

export const idAt = (facts: Buffer, at: number): string =>
  facts.toString('hex', at, at + ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
