import { decodeCursor, type Event, isSignal } from '@fechatter/contract';
import { codeOfKind } from './kinds.ts';
import { Spans } from '../system/spans.ts';

export type SubscriberKind = 'stock' | 'sdk' | 'plain' | 'store';

/** One event as it was received. */
export interface Delivery {
  readonly pos: number;
  readonly nonce: number;
  readonly code: number;
  /** The chat or workspace that it names; empty if it names none. */
  readonly audience: string;
  /** Its seq there; 0 if it has none. */
  readonly seq: number;
  readonly atMs: number;
  readonly instance: number;
}

export interface ResetSeen {
  readonly reason: string;
  readonly fromPos: number;
  readonly toPos: number;
  /** The number of deliveries before it. */
  readonly index: number;
  readonly atMs: number;
}

/** Decides which deliveries a ledger drops when a defect is planted (see defects.ts). */
export interface Intake {
  takes(ledger: Ledger): boolean;
  /** The event and its token as they are recorded. */
  told?(event: Event, token: string): { readonly event: Event; readonly token: string };
}

const UNREADABLE = '\uFFFD';

/** Everything that one subscriber received, in order. */
export class Ledger {
  readonly name: string;
  readonly kind: SubscriberKind;
  readonly userId: string;
  readonly sessionId: string;
  readonly deliveries: Delivery[] = [];
  readonly resets: ResetSeen[] = [];
  readonly mistakes: string[] = [];
  /** Events that came after a token which meant that everything up to there had been sent. */
  readonly passed: { readonly pos: number; readonly restedPos: number }[] = [];
  /** Positions at which the SDK found a gap that reconnecting did not close, and asked for a fresh read. */
  readonly gapsAtPos: number[] = [];
  /** Messages that were shown as unreadable. */
  readonly unreadable = new Set<string>();
  /** Chats that a signal named. */
  readonly signalledChats = new Set<string>();
  /** People whom a signal showed as anything but offline and without a status, as strangers are shown. */
  readonly signalledPeople = new Set<string>();
  /** When it read slowly on purpose. */
  readonly slow = new Spans();
  /** It receives everything after this position. Undefined until it was ready once. */
  startPos: number | undefined;
  /** It received everything up to this position. */
  reachedPos = -1;
  connects = 0;
  endedAtMs: number | undefined;
  endReason: string | undefined;
  readonly #intake: Intake;
  #restedPos = -1;

  constructor(name: string, kind: SubscriberKind, who: { userId: string; sessionId: string }, intake: Intake) {
    this.name = name;
    this.kind = kind;
    this.userId = who.userId;
    this.sessionId = who.sessionId;
    this.#intake = intake;
  }

  /** Starts after a cursor that a read returned. */
  beginAt(token: string): void {
    this.startPos = this.#placeOf(token).pos;
    this.reachedPos = this.startPos;
  }

  /** An event in the form of tRPC and the SDK. */
  take(received: Event, receivedToken: string, instance: number): void {
    const { event, token } = this.#intake.told?.(received, receivedToken) ?? { event: received, token: receivedToken };
    if (event.kind === 'ready') return this.ready(event.cursor);
    if (event.kind === 'reset') return this.reset(event.reason, event.cursor);
    if (isSignal(event)) {
      if (event.kind === 'presence' && (event.presence !== 'offline' || event.customStatus !== null))
        this.signalledPeople.add(known(event.userId));
      return this.signal('chatId' in event ? event.chatId : undefined, token);
    }
    const ofChat = 'chatId' in event && 'seq' in event;
    const ofWorkspace = 'workspaceId' in event && 'workspaceSeq' in event;
    if ('message' in event) {
      const { id, content } = event.message;
      if (content === UNREADABLE) this.unreadable.add(id);
      else if (content !== '' && !content.startsWith('chaos '))
        this.mistakes.push(`content that no writer sent, at ${token}: ${content.slice(0, 20)}`);
    }
    const isUnsent = event.kind === 'file.updated' && event.messageId === null;
    if ('version' in event && event.version !== (isUnsent ? null : event.seq))
      this.mistakes.push(`${event.kind} at ${token} has the version ${event.version} and the seq ${event.seq}`);
    this.note(codeOfKind(event.kind), token, instance, {
      audience: ofChat ? event.chatId : ofWorkspace ? (event.workspaceId ?? '') : '',
      seq: ofChat ? (event.seq ?? 0) : ofWorkspace ? (event.workspaceSeq ?? 0) : 0,
    });
  }

  note(code: number, token: string, instance: number, { audience, seq }: { audience: string; seq: number }): void {
    const { pos, nonce } = this.#placeOf(token);
    this.reachedPos = Math.max(this.reachedPos, pos);
    if (pos <= this.#restedPos) this.passed.push({ pos, restedPos: this.#restedPos });
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
   * A signal is not in the log and has no position. Over tRPC its id is that of a ping: everything up to there was
   * sent. In the plain form it has none.
   */
  signal(chatId: string | undefined, token: string | undefined): void {
    if (chatId !== undefined) this.signalledChats.add(known(chatId));
    if (token !== undefined) this.rest(token);
  }

  /** A token without an event: nothing else happened up to there. */
  rest(token: string): void {
    const { pos } = this.#placeOf(token);
    this.#restedPos = Math.max(this.#restedPos, pos);
    this.reachedPos = Math.max(this.reachedPos, pos);
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

/** Returns the same string object for equal ids, so that a million deliveries do not hold a million strings. */
function known(id: string): string {
  const found = names.get(id);
  if (found !== undefined) return found;
  names.set(id, id);
  return id;
}
