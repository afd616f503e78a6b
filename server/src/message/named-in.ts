import { limits } from '@fechatter/contract';
import type { Named } from './batching/outgoing.ts';

// Each match has a fixed length and begins at a `<`, so the time is linear for any text.
const NAMES = /<(?:@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|!everyone)>/gi;
/** The most names that the longest message can contain. */
const NAMED_MAX = Math.floor(limits.contentMaxChars / '<@00000000-0000-0000-0000-000000000000>'.length);

/** Finds `<@userId>` and `<!everyone>`; undefined for a text without any. */
export function namedIn(content: string): Named | undefined {
  const userIds = new Set<string>();
  let everyone = false;
  for (const [, userId] of content.matchAll(NAMES)) {
    if (userId === undefined) everyone = true;
    else if (userIds.size < NAMED_MAX) userIds.add(userId.toLowerCase());
  }
  return everyone || userIds.size > 0 ? { userIds: [...userIds], everyone } : undefined;
}
