/** A position in the event log: opaque to clients, 13 bytes in base64url (version 1, position, nonce). */
export interface Cursor {
  readonly pos: number;
  readonly nonce: number;
}

const VERSION = 1;
const POS_MAX = Number.MAX_SAFE_INTEGER;

/** The token for a position in the log. */
export function encodeCursor({ pos, nonce }: Cursor): string {
  const bytes = new DataView(new ArrayBuffer(13));
  bytes.setUint8(0, VERSION);
  bytes.setBigUint64(1, BigInt(pos));
  bytes.setInt32(9, nonce);
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The position that a token represents; undefined for anything that is not such a token. */
export function decodeCursor(token: string): Cursor | undefined {
  if (!/^[A-Za-z0-9_-]{18}$/.test(token)) return undefined;
  const binary = atob(token.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new DataView(Uint8Array.from(binary, (char) => char.charCodeAt(0)).buffer);
  if (bytes.byteLength !== 13 || bytes.getUint8(0) !== VERSION) return undefined;
  const pos = bytes.getBigUint64(1);
  if (pos > BigInt(POS_MAX)) return undefined;
  return { pos: Number(pos), nonce: bytes.getInt32(9) };
}
