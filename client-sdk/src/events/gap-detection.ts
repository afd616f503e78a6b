import type { Role } from '../wire.ts';
import type { Event } from './event.ts';

/** Counters that show whether any event is missing. */
export interface EventCounts {
  /** Events that were delivered. */
  readonly applied: number;
  /** Events that arrived a second time and were dropped. */
  readonly duplicate: number;
  /** How often events were found missing. */
  readonly gap: number;
  /** Gaps that reconnecting has closed. */
  readonly healed: number;
}

/** The seq up to which a read has shown chats and workspaces, by id: a later first event reveals a gap. */
export interface KnownSeqs {
  readonly chats: ReadonlyMap<string, number>;
  readonly workspaces: ReadonlyMap<string, number>;
  /** Those of the workspaces in which the person is a Guest: a Guest does not receive every event. */
  readonly guestOf?: ReadonlySet<string>;
}

/** `unsure`: a gap, unless the person is a Guest of the workspace. */
export type Verdict = 'next' | 'duplicate' | 'gap' | 'unsure';

/**
 * The last seq. `isRead`: it comes from a read, so older events may still arrive. `isFromWorkspace`: it comes from an event
 * that the whole workspace receives, which does not say whether the person is in the chat.
 */
interface Mark {
  readonly seq: number;
  readonly isRead: boolean;
  readonly isFromWorkspace: boolean;
  /** The cursor after it; undefined for a read. */
  readonly token: string | undefined;
  /** The person has left: counting restarts at the next event, and events up to this one are not repeated. */
  readonly hasEnded?: boolean;
}
interface Place {
  readonly of: 'chat' | 'workspace';
  readonly id: string;
  readonly seq: number;
  readonly effect: 'begins' | 'ends' | 'goes_on' | 'passes';
}

/**
 * Proves from `seq` that no event is missing in any chat and workspace that the person is in. An event that begins or
 * ends their own membership is valid at any seq; an unknown chat begins with its first event.
 */
export class GapDetection {
  readonly #userId: string | undefined;
  /** Whether the person is a Guest, by workspace. */
  readonly #isGuest = new Map<string, boolean>();
  readonly #marks = { chat: new Map<string, Mark>(), workspace: new Map<string, Mark>() };

  constructor(userId: string | undefined) {
    this.#userId = userId;
  }

  /** Whether an event has a seq in a chat or workspace: only those can be checked for gaps. */
  counts(event: Event): boolean {
    return this.#placesOf(event).length > 0;
  }

  check(event: Event): Verdict {
    const verdicts = this.#placesOf(event).map((place) => this.#check(place));
    const worst = (['duplicate', 'gap', 'unsure'] as const).find((verdict) => verdicts.includes(verdict));
    return worst ?? 'next';
  }

  /** The cursor from which everything after the last event of the same chat or workspace comes again. */
  placeBefore(event: Event): string | undefined {
    const gap = this.#placesOf(event).find((place) => ['gap', 'unsure'].includes(this.#check(place)));
    return gap && this.#marks[gap.of].get(gap.id)?.token;
  }

  /** Notes that the event was delivered; `token` is the cursor after it. */
  note(event: Event, token: string | undefined): void {
    const own = this.#ownRole(event);
    if (own !== undefined) this.#isGuest.set(own.workspaceId, own.role === 'Guest');
    for (const { of, id, seq, effect } of this.#placesOf(event)) {
      if (effect === 'ends')
        this.#marks[of].set(id, { seq, isRead: false, isFromWorkspace: true, token, hasEnded: true });
      else {
        const isFromWorkspace = effect === 'passes' && (this.#marks[of].get(id)?.isFromWorkspace ?? true);
        this.#marks[of].set(id, { seq, isRead: false, isFromWorkspace, token });
      }
    }
  }

  /** Notes what a read has shown; where events were streamed already, those count. */
  expect({ chats, workspaces, guestOf }: KnownSeqs): void {
    if (guestOf !== undefined) for (const id of workspaces.keys()) this.#isGuest.set(id, guestOf.has(id));
    for (const [of, seqs] of [['chat', chats] as const, ['workspace', workspaces] as const])
      for (const [id, seq] of seqs)
        if (this.#marks[of].get(id)?.hasEnded ?? true)
          this.#marks[of].set(id, { seq, isRead: true, isFromWorkspace: false, token: undefined });
  }

  /** Notes whether the person is a Guest of a workspace. */
  learn(workspaceId: string, isGuest: boolean): void {
    this.#isGuest.set(workspaceId, isGuest);
  }

  forget(): void {
    this.#marks.chat.clear();
    this.#marks.workspace.clear();
  }

  #check({ of, id, seq, effect }: Place): Verdict {
    const mark = this.#marks[of].get(id);
    if (mark === undefined) return 'next';
    if (seq <= mark.seq) return mark.isRead ? 'next' : 'duplicate';
    if (mark.hasEnded === true) return 'next';
    if (mark.isFromWorkspace && effect === 'passes') return 'next';
    if (seq === mark.seq + 1 || effect === 'begins' || effect === 'ends') return 'next';
    if (of === 'chat' || this.#isGuest.get(id) === false) return 'gap';
    return this.#isGuest.has(id) ? 'next' : 'unsure';
  }

  #ownRole(event: Event): { readonly workspaceId: string; readonly role: Role } | undefined {
    const isJoined = event.kind === 'workspace.memberJoined';
    if (!isJoined && event.kind !== 'workspace.memberUpdated') return undefined;
    return (isJoined ? event.user.id : event.userId) === this.#userId ? event : undefined;
  }

  #placesOf(event: Event): Place[] {
    const places: Place[] = [];
    if ('chatId' in event && 'seq' in event && event.seq !== undefined)
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
    // The whole workspace receives this event of a public channel, also people who receive no other event of it.
    return 'workspaceSeq' in event && event.workspaceSeq !== undefined ? 'passes' : 'goes_on';
  }

  #effectInWorkspace(event: Event): Place['effect'] {
    if (event.kind === 'workspace.deleted') return 'ends';
    if (event.kind === 'workspace.memberLeft' && event.userId === this.#userId) return 'ends';
    const own = this.#ownRole(event);
    // What came before is not for a Guest any more.
    return own !== undefined && (event.kind === 'workspace.memberJoined' || own.role === 'Guest')
      ? 'begins'
      : 'goes_on';
  }
}
