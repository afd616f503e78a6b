import { limits, MessageSearch, MessageSearchInput, type WireSearchHit } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { pagesOf } from '../page-cursor.ts';
import { namedSenders, parseSearch } from '../searching/parse-search.ts';
import { withPlaceholders } from '../searching/with-placeholders.ts';
import { candidates, indexQueryOf } from '../searching/candidates.ts';
import { idAt, timeOfId } from '../searching/id-time.ts';
import { readable } from '../searching/readable.ts';
import { searchScope } from '../searching/searched-chats.ts';
import { shownMessage } from './shown-message.ts';

/** The most candidates of one call; the rest is for the next page. */
const CANDIDATES_MAX = 2_000;
const BUDGET_MS = 1_500;
/** After this much comparing, other calls get their turn. */
const TURN_MS = 10;
const CANDIDATES_FIRST = 100;
const CANDIDATES_A_READ_MAX = 500;

/** The options of queries before a worker has begun an index. */
const NOT_INDEXED = { stopWords: new Set<string>(), hasPrefixes: true };

const pages = pagesOf('message.search', z.uuid(), ({ message }: WireSearchHit) => message.id);

export const search = inWorkspace('workspace.read', 'heavy')
  .input(MessageSearchInput)
  .output(MessageSearch)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/search',
      summary: 'Search messages',
      description:
        'Searches the chats of the workspace that you are in, and public channels that you name; newest first. ' +
        '`query` has words, `"a phrase"`, `depl*`, `-word`, `from:<@id>`, `in:<#id>`, `has:link`, `has:file`, ' +
        '`before:2026-12-31`, `after:2026-01-01`; accents and case do not matter. The other fields say the same. ' +
        '`ranges` has the place of each hit in the content, in UTF-16 code units. A page may be shorter than its ' +
        'limit and have a cursor: `searched_back_to` says how far back it looked. A message is found within 10 ' +
        'seconds; a text that was changed or deleted is not found from then on.',
      tags: ['message'],
      refusals: [
        'workspace_not_found',
        'search_off',
        'query_too_common',
        'query_too_short',
        'invalid_cursor',
        'rate_limited',
      ],
    },
  })
  .query(async ({ ctx: { deps, principal }, input }) => {
    if (!deps.config.search.enabled) throw refuse('search_off');
    const { workspaceId, limit = limits.pageDefault } = input;
    const { userId } = principal;
    const end = deps.budgets.beginHeavy(userId);
    try {
      const place = pages.place(input.cursor);
      const generation = await deps.searches.generation();
      const senderIds = await withPlaceholders(deps.db, workspaceId, namedSenders(input));
      const parsed = parseSearch(input, senderIds, generation ?? NOT_INDEXED);
      const scope = await searchScope(deps.db, { workspaceId, userId }, parsed);
      if (scope === undefined) throw refuse('workspace_not_found');
      // No worker has begun yet, or the key of the index was removed and it is being rebuilt.
      if (generation?.tokenizer === undefined || scope.chatIds.length === 0)
        return { hits: [], nextCursor: null, searchedBackTo: null };
      const query = await indexQueryOf(generation.tokenizer, generation.gen, scope.chatIds, parsed.groups);
      const after = idAt(scope.afterMs, 'first');
      const access = { workspaceId, userId, namedChatIds: parsed.chatIds, ...parsed, ...scope };
      const deadlineMs = performance.now() + BUDGET_MS;
      const hits: WireSearchHit[] = [];
      let before = place ?? idAt(scope.beforeMs, 'last');
      let looked = 0;
      for (let size = CANDIDATES_FIRST; ; size = Math.min(2 * size, CANDIDATES_A_READ_MAX)) {
        const budgetMs = Math.max(0, Math.round(deadlineMs - performance.now()));
        const found = await candidates(deps.db, query, { before, after, limit: size, budgetMs });
        let turnMs = performance.now();
        for (const ids of readsOf(found.ids, looked === 0 ? limit : size))
          for (const row of await readable(deps.db, ids, access)) {
            const message = shownMessage(deps, row);
            const ranges = parsed.match(message);
            if (ranges !== undefined) hits.push({ message, ranges: ranges.map((range) => [...range]) });
            const nowMs = performance.now();
            if (hits.length === limit || nowMs > deadlineMs) {
              deps.searches.ended(hits.length === limit ? 'full' : 'cut');
              return { hits, ...lookedTo(row.id) };
            }
            if (nowMs < turnMs + TURN_MS) continue;
            await turn();
            turnMs = performance.now();
          }
        looked += found.ids.length;
        if (found.moreBefore === undefined) {
          deps.searches.ended('complete');
          return { hits, nextCursor: null, searchedBackTo: null };
        }
        before = found.moreBefore;
        if (looked < CANDIDATES_MAX && performance.now() < deadlineMs) continue;
        deps.searches.ended('cut');
        return { hits, ...lookedTo(before) };
      }
    } finally {
      end();
    }
  });

/** If most candidates match, the first read is enough for the page. */
const readsOf = (ids: readonly string[], first: number) => [ids.slice(0, first), ids.slice(first)];

const lookedTo = (id: string) => ({ nextCursor: pages.cursor(id), searchedBackTo: timeOfId(id) });
