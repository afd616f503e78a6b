import { createHash } from 'node:crypto';
import { stringify } from 'uuid';

// Ids that are made from what the source calls a thing, so that a second run makes the same.

/** A hash of these parts in the form of an id. It is no secret. */
export function hashedId(...parts: readonly string[]): string {
  return formed(digest(parts), 8);
}

/** The id of a message: its time, like that of every id of version 7, and a hash in place of the random part. */
export function idAt(atMs: number, ...parts: readonly string[]): string {
  const bytes = digest(parts);
  bytes.writeUIntBE(Math.max(0, Math.floor(atMs)), 0, 6);
  return formed(bytes, 7);
}

/** JSON keeps the parts apart. */
const digest = (parts: readonly string[]): Buffer =>
  createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);

function formed(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return stringify(bytes);
}
