import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { drawRandom } from './random-pool.ts';

/** One key of the ring: `id` 1 to 65,535, `key` 32 bytes. */
export interface RingKey {
  readonly id: number;
  readonly key: Buffer;
}

/** Encrypts and decrypts the content of messages. */
export interface MessageCipher {
  /** The body to store for a text. */
  seal(chatId: string, messageId: string, content: string): Buffer;
  /** The text of a stored body; throws if the key is not in the ring or the body was changed. */
  open(chatId: string, messageId: string, body: Buffer): string;
}

const PURPOSE = 'fechatter.message';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 2 + IV_BYTES;
const DERIVED_KEYS_MAX = 20_000;

/** Encrypts and decrypts secrets that must be read again: those of authenticator apps, and those that sign webhooks. */
export interface SecretCipher {
  /** `id` is that of its row: of a person, or of the secret itself. */
  seal(id: string, secret: string): Buffer;
  /** Throws if the key is not in the ring, or if the secret belongs to another row. */
  open(id: string, sealed: Buffer): string;
}

/** What a sealed secret is for: one cannot be taken for the other. */
export type SecretPurpose = 'totp' | 'webhook';

/** The same scheme as for messages, with a key per secret. */
export function createSecretCipher(ring: readonly RingKey[], purpose: SecretPurpose): SecretCipher {
  const cipher = createMessageCipher(ring, `fechatter.${purpose}`);
  return {
    seal: (id, secret) => cipher.seal(id, id, secret),
    open: (id, sealed) => cipher.open(id, id, sealed),
  };
}

/**
 * AES-256-GCM with a key per chat, derived by HKDF from a ring of keys; the first of the ring encrypts. A body is
 * key id (2 bytes), nonce (12), ciphertext, tag (16); purpose, key id, chat id and message id are authenticated with
 * it, so no body can be moved to another message.
 */
export function createMessageCipher(ring: readonly RingKey[], purpose = PURPOSE): MessageCipher {
  const [current] = ring;
  if (current === undefined) throw new Error('the ring of encryption keys is empty');
  const keys = new Map(ring.map(({ id, key }) => [id, key]));
  const derived = new Map<string, Buffer>();

  const chatKey = (keyId: number, chatId: string): Buffer => {
    const name = `${keyId}:${chatId}`;
    const known = derived.get(name);
    if (known !== undefined) return known;
    const key = keys.get(keyId);
    if (key === undefined) throw new Error(`encryption key ${keyId} is not in the ring`);
    if (derived.size >= DERIVED_KEYS_MAX) derived.clear();
    const made = Buffer.from(hkdfSync('sha256', key, chatId, purpose, 32));
    derived.set(name, made);
    return made;
  };

  return {
    seal(chatId, messageId, content) {
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUInt16BE(current.id);
      const iv = drawRandom(IV_BYTES);
      iv.copy(header, 2);
      const cipher = createCipheriv('aes-256-gcm', chatKey(current.id, chatId), iv);
      cipher.setAAD(authenticated(purpose, current.id, chatId, messageId));
      const sealed = cipher.update(content, 'utf8');
      return Buffer.concat([header, sealed, cipher.final(), cipher.getAuthTag()]);
    },
    open(chatId, messageId, body) {
      if (body.length < HEADER_BYTES + TAG_BYTES) throw new Error('not an encrypted body');
      const keyId = body.readUInt16BE(0);
      const iv = body.subarray(2, HEADER_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', chatKey(keyId, chatId), iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(authenticated(purpose, keyId, chatId, messageId));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      return decipher.update(body.subarray(HEADER_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

function authenticated(purpose: string, keyId: number, chatId: string, messageId: string): Buffer {
  return Buffer.from(`${purpose}\0${keyId}\0${chatId}\0${messageId}`);
}

/** The first bytes of everything that was encrypted with this key. */
export function keyPrefix(keyId: number): Buffer {
  const prefix = Buffer.alloc(2);
  prefix.writeUInt16BE(keyId);
  return prefix;
}
