import { deserialize } from 'bson';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Fields, fieldsOf } from '../lenient.ts';

/** MongoDB's own limit, and a little more. */
const DOCUMENT_MAX_BYTES = 17_000_000;
const LENGTH_BYTES = 4;

/** A document, and where it is in the file. */
interface Placed {
  readonly at: number;
  /** Undefined: it cannot be read. */
  readonly document: Fields | undefined;
}

/** The documents of a file of mongodump, one at a time; undefined for one that cannot be read. */
export async function* documentsOf(path: string): AsyncGenerator<Fields | undefined> {
  for await (const { document } of placedDocumentsOf(path)) yield document;
}

/** The document at a place of a file that is not compressed; without fields if it cannot be read. */
export async function documentAt(file: FileHandle, at: number): Promise<Fields> {
  const { buffer: head } = await file.read(Buffer.alloc(LENGTH_BYTES), 0, LENGTH_BYTES, at);
  const length = head.readInt32LE();
  if (length <= LENGTH_BYTES || length > DOCUMENT_MAX_BYTES) return {};
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  return read(buffer) ?? {};
}

/** The same with the places of the documents, after what they are unpacked to. */
export async function* placedDocumentsOf(path: string): AsyncGenerator<Placed> {
  let at = 0;
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of bytesOf(path)) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let from = 0;
    while (held.length - from >= LENGTH_BYTES) {
      const length = held.readInt32LE(from);
      if (length <= LENGTH_BYTES || length > DOCUMENT_MAX_BYTES) throw new Error(`${path} is no dump of MongoDB`);
      if (held.length - from < length) break;
      yield { at, document: read(held.subarray(from, from + length)) };
      from += length;
      at += length;
    }
    held = held.subarray(from);
  }
  if (held.length > 0) yield { at, document: undefined };
}

function bytesOf(path: string): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: 262_144 });
  // What breaks either stream ends the iteration with an error.
  return path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file;
}

function read(bytes: Buffer): Fields | undefined {
  try {
    return fieldsOf(deserialize(bytes));
  } catch {
    return undefined;
  }
}
