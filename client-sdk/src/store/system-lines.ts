import type { Event } from '../events/event.ts';
import { lineAfter } from './line-after.ts';
import type { Known } from './reducer.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';
import { isOfPeople, type LinePerson, renamedIn, type SystemLine, withPeopleOf } from './system-line.ts';

/** How many lines of a chat are kept: the latest. */
const LINES_MAX = 200;

interface ChatLines {
  readonly lines: readonly SystemLine[];
  /** The seq of the last event that is in them: events can be applied again. */
  readonly throughSeq: number;
  /** The number of the newest message at the last line: what follows without a message between is one line. */
  readonly atNumber: number;
}

/**
 * What happened in the person's chats besides messages, since the store began: pages of messages do not contain it, so
 * it comes from events alone.
 */
export class SystemLines {
  readonly #known: Known;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #chats = new Map<string, ChatLines>();
  readonly #slices = new Map<string, OwnSlice<readonly SystemLine[]>>();

  constructor(known: Known, sliceOf: ReturnType<typeof slices>) {
    this.#known = known;
    this.#sliceOf = sliceOf;
  }

  of(chatId: string): Slice<readonly SystemLine[]> {
    const known = this.#slices.get(chatId);
    if (known !== undefined) return known;
    const slice = this.#sliceOf(() => this.#chats.get(chatId)?.lines ?? NO_LINES);
    this.#slices.set(chatId, slice);
    return slice;
  }

  /** Takes an event before it is applied: a line shows what it has changed. */
  take(event: Event): void {
    if (event.kind === 'user.updated') return this.#rename(event.user);
    if (!('chatId' in event) || !('seq' in event) || event.seq === undefined) return;
    const { chatId, seq } = event;
    const chat = this.#known.chats.get(chatId);
    const { lines, throughSeq, atNumber } = this.#chats.get(chatId) ?? NOTHING;
    if (seq <= throughSeq) return;
    const line = lineAfter(event, { chat, nameOf: (id) => ({ id, name: this.#nameOf(chatId, id) }) });
    if (line === undefined) return;
    const number = chat?.lastNumber ?? 0;
    const joined = number === atNumber ? joinedTo(lines.at(-1), line) : undefined;
    const next = joined === undefined ? [...lines, line] : [...lines.slice(0, -1), joined];
    this.#set(chatId, { lines: next.slice(-LINES_MAX), throughSeq: seq, atNumber: number });
  }

  /** The person is not in the chat any more. */
  close(chatId: string): void {
    if (this.#chats.delete(chatId)) this.#slices.get(chatId)?.invalidate();
  }

  /** No one is signed in any more. */
  end(): void {
    for (const chatId of this.#chats.keys()) this.close(chatId);
  }

  #rename(user: LinePerson): void {
    for (const [chatId, known] of this.#chats) {
      const lines = known.lines.map((line) => renamedIn(line, { id: user.id, name: user.name }));
      if (lines.some((line, at) => line !== known.lines[at])) this.#set(chatId, { ...known, lines });
    }
  }

  #set(chatId: string, next: ChatLines): void {
    this.#chats.set(chatId, next);
    this.#slices.get(chatId)?.invalidate();
  }

  /** As a list of members shows it, or a message: an event about a person who leaves contains only the id. */
  #nameOf(chatId: string, userId: string): string | undefined {
    const { members, chats, windows } = this.#known;
    for (const id of [chatId, chats.get(chatId)?.workspaceId ?? '']) {
      const member = members.get(id)?.get(userId);
      if (member !== undefined) return member.user.name;
    }
    for (const window of windows.values()) {
      const said = window.chatId === chatId ? window.list().find(({ sender }) => sender.id === userId) : undefined;
      if (said !== undefined) return said.sender.name;
    }
    return undefined;
  }
}

const NO_LINES: readonly SystemLine[] = [];
const NOTHING: ChatLines = { lines: NO_LINES, throughSeq: 0, atNumber: -1 };

/** The last line with the people of the next one; undefined if they are not of one kind, or by different people. */
function joinedTo(last: SystemLine | undefined, next: SystemLine): SystemLine | undefined {
  if (last === undefined || !isOfPeople(last) || !isOfPeople(next)) return undefined;
  return last.kind === next.kind && last.by?.id === next.by?.id ? withPeopleOf(last, next) : undefined;
}
