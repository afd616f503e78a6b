import { limits } from '@fechatter/contract';
import type { Named } from './batching/outgoing.ts';

// Of a fixed length, and each attempt begins at a `<`: so the time is linear, whatever the text is.
const NAMES = /<(?:@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|!everyone)>/gi;
/** As many as the longest message has room for. */
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
