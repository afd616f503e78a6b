import { z } from 'zod';
import { limits } from './limits.ts';

/** The maximum number of entries on a page: 1 to 100. Default: 50. */
export const Limit = z.int().min(1).max(limits.pageMax).default(limits.pageDefault);
/** Where the next page begins: the `nextCursor` of the previous page. */
export const PageCursor = z.string().min(1).max(limits.cursorMaxChars);
/** The input that every list takes. */
export const pageInput = { limit: Limit.optional(), cursor: PageCursor.optional() };
/** `null` on the last page. */
export const NextCursor = PageCursor.nullable();
