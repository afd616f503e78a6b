import { limits, MessageList, MessageListInput } from '@fechatter/contract';
import type { ReadMessageRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { inChat } from '../access/scoped-procedures.ts';
import { messagePageSql, type PagePlace } from './page-sql.ts';
import { shownMessage } from './shown-message.ts';

/** A row of the page; a chat without any has one row of nulls, so that "no row at all" means no chat. */
type PageRow = { anchor_seq: number | null; is_reply?: boolean | null; is_listed?: boolean | null } & (
  | ReadMessageRow
  | { [K in keyof ReadMessageRow]: null }
);

export const list = inChat('chat.read', 'read')
  .input(MessageListInput)
  .output(MessageList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/messages',
      summary: 'List messages, newest first',
      description:
        'By default the newest messages of the main timeline; with `thread_id` replies to that message. `before` and `after` give the messages next to a message of the same timeline, which ' +
        'may be a deleted one; `around` and `around_number` give a page with a message, or the message with a ' +
        'number, in the middle; `ids` gives exactly these messages, of any timeline, without any that do not exist or ' +
        'are deleted. A deleted message that has replies is still listed everywhere, without content. The ' +
        'order is newest first, also with `after`. `has_more` says whether there is more in the direction that you ' +
        'asked for; a page around a message also has `has_before` and `has_after`. A number above the newest means ' +
        'the newest. Members read the whole history; in a public channel everyone in the workspace can.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found', 'not_a_root', 'before_and_after'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input }) => {
    const { chatId, threadId, limit = limits.pageDefault, ...places } = input;
    const { place, anchor } = placeOf(places);
    const isAround = place === 'around' || place === 'aroundNumber';
    const behind = isAround ? Math.floor(limit / 2) : 0;
    const upTo = (places.ids?.length ?? limit) - behind;
    const counts = isAround ? [behind + 1] : [];
    const { rows } = await deps.db.pool.query<PageRow>({
      ...statementOf(place, threadId),
      values: [principal.userId, chatId, upTo + 1, ...inThread(place, threadId), ...anchored(anchor), ...counts],
    });
    if (rows[0] === undefined) throw refuse('chat_not_found');
    const { anchor_seq: anchorSeq, is_reply: isReply, is_listed: isRootListed } = rows[0];
    if (isReply === true) throw refuse('not_a_root');
    if (threadId !== undefined && place !== 'ids' && isRootListed !== true) throw refuse('message_not_found');
    if (anchor !== undefined && anchorSeq === null) throw refuse('message_not_found');
    const found = rows.filter((row) => row.id !== null);
    if (place === 'ids') return { messages: found.map((row) => shownMessage(deps, row)), hasMore: false };
    // The extra row is the farthest from where the page begins.
    const shown = (page: typeof found) => page.map((row) => shownMessage(deps, row));
    if (!isAround) {
      const hasMore = found.length > limit;
      const page = !hasMore ? found : place === 'after' ? found.slice(1) : found.slice(0, -1);
      return { messages: shown(page), hasMore };
    }
    const newer = found.filter(({ seq }) => seq > Number(anchorSeq));
    const older = found.slice(newer.length);
    const [hasAfter, hasBefore] = [newer.length > behind, older.length > upTo];
    const messages = shown([...newer.slice(hasAfter ? 1 : 0), ...older.slice(0, upTo)]);
    return { messages, hasMore: hasBefore || hasAfter, hasBefore, hasAfter };
  });

const statementOf = (place: PagePlace, threadId: string | undefined) => {
  if (place === 'ids') return { name: 'messages_ids', text: messagePageSql.ids };
  const timeline = threadId === undefined ? 'main' : 'thread';
  return { name: `messages_${timeline}_${place}`, text: messagePageSql[timeline][place] };
};
const inThread = (place: PagePlace, threadId: string | undefined) =>
  threadId === undefined || place === 'ids' ? [] : [threadId];
const anchored = (anchor: Anchor | undefined) => (anchor === undefined ? [] : [anchor]);

type Anchor = string | number | readonly string[];
const pagePlaces = ['before', 'after', 'around', 'aroundNumber', 'ids'] as const;

/** The requested place of the page: at most one. */
function placeOf(places: Partial<Record<Exclude<PagePlace, 'newest'>, Anchor>>): {
  readonly place: PagePlace;
  readonly anchor?: Anchor | undefined;
} {
  const given = pagePlaces.filter((name) => places[name] !== undefined);
  if (given.length > 1) throw refuse('before_and_after');
  const [place] = given;
  return place === undefined ? { place: 'newest' } : { place, anchor: places[place] };
}
