import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { drawRandom } from './random-pool.ts';
import type { RingKey } from './message-cipher.ts';

/** Wraps the keys of files, and unwraps them. */
export interface FileKeys {
  /** A new key, of 32 bytes. */
  make(): Buffer;
  /** What to store of a file's key: 62 bytes. */
  wrap(fileId: string, key: Uint8Array): Buffer;
  /** Throws if the key is not in the ring, or was wrapped for another file. */
  unwrap(fileId: string, wrapped: Buffer): Buffer;
}

const PURPOSE = 'fechatter.file-key';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 2 + IV_BYTES;
const WRAPPED_BYTES = HEADER_BYTES + KEY_BYTES + TAG_BYTES;

/**
 * AES-256-GCM under keys that HKDF derives from the ring; the first of the ring wraps. What is stored is key id (2 bytes),
 * nonce (12), the wrapped key (32), tag (16); purpose, key id and file are authenticated with it.
 */
export function createFileKeys(ring: readonly RingKey[]): FileKeys {
  const [current] = ring;
  if (current === undefined) throw new Error('the ring of encryption keys is empty');
  const derived = new Map(
    ring.map(({ id, key }) => [id, Buffer.from(hkdfSync('sha256', key, '', PURPOSE, KEY_BYTES))]),
  );
  const ringKey = (id: number): Buffer => {
    const key = derived.get(id);
    if (key === undefined) throw new Error(`encryption key ${id} is not in the ring`);
    return key;
  };

  return {
    make: () => Buffer.from(drawRandom(KEY_BYTES)),
    wrap(fileId, key) {
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUInt16BE(current.id);
      const iv = drawRandom(IV_BYTES);
      iv.copy(header, 2);
      const cipher = createCipheriv('aes-256-gcm', ringKey(current.id), iv);
      cipher.setAAD(authenticated(current.id, fileId));
      return Buffer.concat([header, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    },
    unwrap(fileId, wrapped) {
      if (wrapped.length !== WRAPPED_BYTES) throw new Error('not a wrapped key');
      const id = wrapped.readUInt16BE(0);
      const iv = wrapped.subarray(2, HEADER_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', ringKey(id), iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(authenticated(id, fileId));
      decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(wrapped.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]);
    },
  };
}

const authenticated = (keyId: number, fileId: string): Buffer => Buffer.from(`${PURPOSE}\0${keyId}\0${fileId}`);
