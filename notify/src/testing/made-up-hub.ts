import { codeOf } from '@fechatter/contract';
import { createMessageCipher, type LogEntry, type TailRead } from '@fechatter/drizzle';
import { Hub, type HubOptions } from '../hub/hub.ts';
import type { StoredMemberships, StoredPeriod } from '../hub/membership-index.ts';
import type { Transport } from '../transport/transport.ts';
import { WriteTurn } from '../transport/write-turn.ts';
import type { Frame } from '../wire/frame.ts';

/** The result of reading a person with exactly these memberships. */
export const membershipsOf = (periods: readonly Omit<StoredPeriod, 'leftAtMs'>[]): StoredMemberships => ({
  periods: periods.map((period) => ({ ...period, leftAtMs: period.leftSeq === null ? null : 0 })),
  endedAfterMs: Number.NEGATIVE_INFINITY,
  isCut: false,
  readAtMs: 0,
});

/** A hub without a database, at position 0. */
export function madeUpHub(options: Partial<HubOptions> = {}): Hub {
  const isFresh = options.isFresh ?? (() => true);
  const hub = new Hub({
    rendering: { cipher: createMessageCipher([{ id: 1, key: Buffer.alloc(32) }]), onUnreadable: () => {} },
    turn: new WriteTurn(isFresh),
    isFresh,
    loadMemberships: () => Promise.resolve(membershipsOf([])),
    streamsPerSession: 0,
    streamsPerPerson: 0,
    bufferMaxBytes: 10_000_000,
    onPass: () => {},
    onUnknown: () => {},
    ...options,
  });
  hub.start({ pos: 0, nonce: 0 });
  return hub;
}

/** A transport that keeps what it is sent. */
export function keepingTransport(frames: Frame[]): Transport {
  return {
    send: (frame) => void frames.push(frame),
    flush: () => {},
    bytesOf: () => 1,
    isBackedUp: false,
    drained: () => Promise.resolve(true),
    end: () => {},
    cut: () => {},
    onClose: () => {},
  };
}

/** The position of a frame. */
export const posOf = ({ tracked }: Frame): number =>
  Number(Buffer.from(tracked?.token ?? '', 'base64url').readBigUInt64BE(1));

/** A read of the tail with one `chat.read` for this person, or with a row of any code. */
export function readWith(pos: number, userId: string, code = codeOf('chat.read')): TailRead {
  const entry: LogEntry = {
    pos,
    nonce: pos,
    code,
    workspaceId: null,
    workspaceSeq: null,
    chatId: userId,
    chatSeq: null,
    userId,
    subjectId: userId,
    facts: {},
    createdAt: new Date(0),
    nouns: {},
    opensFor: [],
  };
  return { isAnchored: true, snapshot: '1:1:', revocations: [], entries: [entry], hasMore: false };
}
