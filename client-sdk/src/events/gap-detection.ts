import type { Event } from './event.ts';

/** What a client knows of its own completeness. */
export interface EventCounts {
  /** Events that were handed out. */
  readonly applied: number;
  /** Events that came a second time and were dropped. */
  readonly duplicate: number;
  /** Times that events were found missing. */
  readonly gap: number;
  /** Gaps that connecting again has closed. */
  readonly healed: number;
}

/** Up to which seq a read has shown chats and workspaces, by id: what comes first may not be further. */
export interface KnownSeqs {
  readonly chats: ReadonlyMap<string, number>;
  readonly workspaces: ReadonlyMap<string, number>;
}

export type Verdict = 'next' | 'duplicate' | 'gap';

/**
 * The last seq. `isRead`: of a read, so older ones may still come. `isHearsay`: of what the whole workspace hears, which
 * does not say whether one is in the chat.
 */
interface Mark {
  readonly seq: number;
  readonly isRead: boolean;
  readonly isHearsay: boolean;
  /** Of the place behind it; undefined for a read. */
  readonly token: string | undefined;
  /** One has left: what comes next begins anew, and what came up to there does not come again. */
  readonly hasEnded?: boolean;
}
interface Place {
  readonly of: 'chat' | 'workspace';
  readonly id: string;
  readonly seq: number;
  readonly effect: 'begins' | 'ends' | 'goes_on' | 'passes';
}

/**
 * Proves from `seq` that nothing is missing, in each chat and workspace that one is in. An event with which one's own
 * membership begins or ends is right at any seq; a chat that was never heard of begins with what comes first.
 */
export class GapDetection {
  readonly #userId: string | undefined;
  readonly #marks = { chat: new Map<string, Mark>(), workspace: new Map<string, Mark>() };

  constructor(userId: string | undefined) {
    this.#userId = userId;
  }

  judge(event: Event): Verdict {
    const verdicts = this.#placesOf(event).map((place) => this.#judge(place));
    if (verdicts.includes('duplicate')) return 'duplicate';
    return verdicts.includes('gap') ? 'gap' : 'next';
  }

  /** From where on everything behind the last event of the same chat or workspace comes again. */
  placeBefore(event: Event): string | undefined {
    const gap = this.#placesOf(event).find((place) => this.#judge(place) === 'gap');
    return gap && this.#marks[gap.of].get(gap.id)?.token;
  }

  /** The event was handed out; `token` is the place behind it. */
  note(event: Event, token: string | undefined): void {
    for (const { of, id, seq, effect } of this.#placesOf(event)) {
      if (effect === 'ends') this.#marks[of].set(id, { seq, isRead: false, isHearsay: true, token, hasEnded: true });
      else {
        const isHearsay = effect === 'passes' && (this.#marks[of].get(id)?.isHearsay ?? true);
        this.#marks[of].set(id, { seq, isRead: false, isHearsay, token });
      }
    }
  }

  /** A read has shown this much; what was streamed itself is better known. */
  expect({ chats, workspaces }: KnownSeqs): void {
    for (const [of, seqs] of [['chat', chats] as const, ['workspace', workspaces] as const])
      for (const [id, seq] of seqs)
        if (this.#marks[of].get(id)?.hasEnded ?? true)
          this.#marks[of].set(id, { seq, isRead: true, isHearsay: false, token: undefined });
  }

  forget(): void {
    this.#marks.chat.clear();
    this.#marks.workspace.clear();
  }

  #judge({ of, id, seq, effect }: Place): Verdict {
    const mark = this.#marks[of].get(id);
    if (mark === undefined) return 'next';
    if (seq <= mark.seq) return mark.isRead ? 'next' : 'duplicate';
    if (mark.hasEnded === true) return 'next';
    if (mark.isHearsay && effect === 'passes') return 'next';
    return seq === mark.seq + 1 || effect === 'begins' || effect === 'ends' ? 'next' : 'gap';
  }

  #placesOf(event: Event): Place[] {
    const places: Place[] = [];
    if ('chatId' in event && 'seq' in event)
      places.push({ of: 'chat', id: event.chatId, seq: event.seq, effect: this.#effectInChat(event) });
    if ('workspaceSeq' in event && event.workspaceSeq !== undefined)
      places.push({
        of: 'workspace',
        id: event.workspaceId ?? '',
        seq: event.workspaceSeq,
        effect: this.#effectInWorkspace(event),
      });
    return places;
  }

  #effectInChat(event: Event): Place['effect'] {
    if (event.kind === 'chat.deleted') return 'ends';
    if (event.kind === 'member.left' && event.userId === this.#userId) return 'ends';
    if (event.kind === 'member.joined' && event.user.id === this.#userId) return 'begins';
    // The whole workspace hears this of a public channel: also those who hear nothing else of it.
    return 'workspaceSeq' in event && event.workspaceSeq !== undefined ? 'passes' : 'goes_on';
  }

  #effectInWorkspace(event: Event): Place['effect'] {
    if (event.kind === 'workspace.deleted') return 'ends';
    if (event.kind === 'workspace.memberLeft' && event.userId === this.#userId) return 'ends';
    return event.kind === 'workspace.memberJoined' && event.user.id === this.#userId ? 'begins' : 'goes_on';
  }
}
