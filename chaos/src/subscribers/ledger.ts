import { decodeCursor, type Event, isSignal } from '@fechatter/contract';
import { codeOfKind } from './kinds.ts';
import { Spans } from '../system/spans.ts';

export type SubscriberKind = 'stock' | 'sdk' | 'plain' | 'store';

/** One event as it was received. */
export interface Delivery {
  readonly pos: number;
  readonly nonce: number;
  readonly code: number;
  /** The chat or workspace that it names; empty where it names none. */
  readonly audience: string;
  /** Its seq there; 0 where it carries none. */
  readonly seq: number;
  readonly atMs: number;
  readonly instance: number;
}

export interface ResetSeen {
  readonly reason: string;
  readonly fromPos: number;
  readonly toPos: number;
  /** How many deliveries lie before it. */
  readonly index: number;
  readonly atMs: number;
}

/** What is left out where a ledger is to be found wanting (see defects.ts). */
export interface Intake {
  takes(ledger: Ledger): boolean;
}

const UNREADABLE = '\uFFFD';

/** Everything that one subscriber was told, in the order in which it was told. */
export class Ledger {
  readonly name: string;
  readonly kind: SubscriberKind;
  readonly userId: string;
  readonly sessionId: string;
  readonly deliveries: Delivery[] = [];
  readonly resets: ResetSeen[] = [];
  readonly mistakes: string[] = [];
  /** Where the SDK found a gap that connecting again did not close, and said that state must be read again. */
  readonly gapsAtPos: number[] = [];
  /** Messages that were shown as what cannot be read. */
  readonly unreadable = new Set<string>();
  /** Chats that a signal told of. */
  readonly signalledChats = new Set<string>();
  /** When it read slowly by its own doing. */
  readonly slow = new Spans();
  /** After this position it receives everything. Undefined until it was ready once. */
  startPos: number | undefined;
  /** Up to here it was given everything. */
  reachedPos = -1;
  connects = 0;
  endedAtMs: number | undefined;
  endReason: string | undefined;
  readonly #intake: Intake;

  constructor(name: string, kind: SubscriberKind, who: { userId: string; sessionId: string }, intake: Intake) {
    this.name = name;
    this.kind = kind;
    this.userId = who.userId;
    this.sessionId = who.sessionId;
    this.#intake = intake;
  }

  /** Begins behind a token that a read gave. */
  beginAt(token: string): void {
    this.startPos = this.#placeOf(token).pos;
    this.reachedPos = this.startPos;
  }

  /** An event in the form of tRPC and the SDK. */
  take(event: Event, token: string, instance: number): void {
    if (event.kind === 'ready') return this.ready(event.cursor);
    if (event.kind === 'reset') return this.reset(event.reason, event.cursor);
    if (isSignal(event)) return this.signal('chatId' in event ? event.chatId : undefined, token);
    const ofChat = 'chatId' in event && 'seq' in event;
    const ofWorkspace = 'workspaceId' in event && 'workspaceSeq' in event;
    if ('message' in event) {
      const { id, content } = event.message;
      if (content === UNREADABLE) this.unreadable.add(id);
      else if (content !== '' && !content.startsWith('chaos '))
        this.mistakes.push(`content that nobody wrote at ${token}: ${content.slice(0, 20)}`);
    }
    if ('version' in event && event.version !== event.seq)
      this.mistakes.push(`${event.kind} at ${token} has the version ${event.version} and the seq ${event.seq}`);
    this.note(codeOfKind(event.kind), token, instance, {
      audience: ofChat ? event.chatId : ofWorkspace ? (event.workspaceId ?? '') : '',
      seq: ofChat ? event.seq : ofWorkspace ? (event.workspaceSeq ?? 0) : 0,
    });
  }

  note(code: number, token: string, instance: number, { audience, seq }: { audience: string; seq: number }): void {
    const { pos, nonce } = this.#placeOf(token);
    this.reachedPos = Math.max(this.reachedPos, pos);
    if (!this.#intake.takes(this)) return;
    this.deliveries.push({ pos, nonce, code, audience: known(audience), seq, atMs: performance.now(), instance });
  }

  ready(cursor: string): void {
    const { pos } = this.#placeOf(cursor);
    this.startPos ??= pos;
    this.reachedPos = Math.max(this.reachedPos, pos);
  }

  reset(reason: string, cursor: string): void {
    const { pos } = this.#placeOf(cursor);
    this.startPos ??= pos;
    this.resets.push({
      reason,
      fromPos: this.reachedPos,
      toPos: pos,
      index: this.deliveries.length,
      atMs: performance.now(),
    });
    this.reachedPos = Math.max(this.reachedPos, pos);
  }

  /**
   * A signal is in no log and has no place of its own. On tRPC's wire its id is one that a ping would carry: everything up
   * to there was given. On the plain wire it has none.
   */
  signal(chatId: string | undefined, token: string | undefined): void {
    if (chatId !== undefined) this.signalledChats.add(known(chatId));
    if (token !== undefined) this.rest(token);
  }

  /** A token alone: nothing happened up to there. */
  rest(token: string): void {
    this.reachedPos = Math.max(this.reachedPos, this.#placeOf(token).pos);
  }

  end(reason: string): void {
    this.endedAtMs ??= performance.now();
    this.endReason ??= reason;
  }

  #placeOf(token: string): { pos: number; nonce: number } {
    const place = decodeCursor(token);
    if (place !== undefined) return place;
    this.mistakes.push(`a token that is none: ${token}`);
    return { pos: -1, nonce: 0 };
  }
}

const names = new Map<string, string>();

/** The same string for the same id, so that a million deliveries do not hold a million ids. */
function known(id: string): string {
  const found = names.get(id);
  if (found !== undefined) return found;
  names.set(id, id);
  return id;
}
