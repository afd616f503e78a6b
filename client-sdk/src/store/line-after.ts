import type { Event } from '../events/event.ts';
import type { ChatRow } from '../wire.ts';
import type { EventOf } from './reducer.ts';
import type { LinePerson, SystemLine } from './system-line.ts';

/** What is known before an event is applied. */
export interface Before {
  readonly chat: ChatRow | undefined;
  readonly nameOf: (userId: string) => LinePerson;
}

/** The system line of an event; undefined if it has none. `before` is the state that it has not changed yet. */
export function lineAfter(event: Event, { chat, nameOf }: Before): SystemLine | undefined {
  const byOf = (byId?: string, aboutId?: string) => (byId === undefined || byId === aboutId ? null : nameOf(byId));
  switch (event.kind) {
    case 'member.joined': {
      // In a Single chat an account takes the place of a placeholder: nobody comes.
      if (chat?.chatType === 'Single') return undefined;
      const { id, name } = event.user;
      return { ...of(event, 'joined'), people: [{ id, name }], count: 1, by: byOf(event.byId, id) };
    }
    case 'member.left': {
      const by = byOf(event.byId, event.userId);
      return { ...of(event, by === null ? 'left' : 'removed'), people: [nameOf(event.userId)], count: 1, by };
    }
    case 'member.updated': {
      const { userId, role, byId } = event;
      return { ...of(event, 'role'), person: nameOf(userId), role, by: byOf(byId, userId) };
    }
    case 'message.pinned':
      if (event.pinnedAt === null) return undefined;
      return { ...of(event, 'pinned'), messageId: event.messageId, by: nameOf(event.userId) };
    case 'chat.updated':
      return chat && lineOfChange(event, chat, byOf(event.byId));
    default:
      return undefined;
  }
}

/** An event shows the chat as it is when it is delivered, so of two quick changes the first one may show the second. */
function lineOfChange(event: EventOf<'chat.updated'>, before: ChatRow, by: LinePerson | null): SystemLine | undefined {
  const { changed, chat } = event;
  switch (changed) {
    case 'name':
      if (chat.name === before.name) return undefined;
      return { ...of(event, 'renamed'), before: before.name, name: chat.name, by };
    case 'topic':
      return chat.topic === before.topic ? undefined : { ...of(event, 'topic'), topic: chat.topic, by };
    case 'posting':
      return chat.whoPosts === before.whoPosts ? undefined : { ...of(event, 'posting'), whoPosts: chat.whoPosts, by };
    case 'archived':
    case 'unarchived':
      return { ...of(event, changed), by };
    default:
      return changed satisfies never;
  }
}

const of = <Kind extends string>({ seq }: { readonly seq: number }, kind: Kind) => ({
  kind,
  key: `${kind} ${seq}`,
  seq,
});
