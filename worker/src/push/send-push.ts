import type { MessageCipher, PushCipher } from '@fechatter/drizzle';
import { OutboundError } from '@fechatter/service-kit';
import { createHash } from 'node:crypto';
import type { DuePush, WantedPush } from './due-push.ts';
import type { OutgoingPush, PushOutcome, PushSender, PushSenders } from './push-sender.ts';
import { contentOf } from './push-text.ts';

export interface PushDeps {
  readonly senders: PushSenders;
  readonly pushCipher: PushCipher;
  readonly messageCipher: Pick<MessageCipher, 'open'>;
}

const TOPIC_CHARS = 32;

/** Sends one push, without its text if that is too large. */
export async function sendPush(
  deps: PushDeps,
  push: DuePush & { readonly wanted: WantedPush },
  signal: AbortSignal,
): Promise<PushOutcome> {
  const sender = deps.senders[push.wanted.kind];
  // The settings of another worker have the key.
  if (sender === undefined) return { did: 'put off', failure: 'no key', afterSeconds: undefined };
  try {
    return await sendInSize(sender, (withText) => outgoing(deps, push, { withText, signal }));
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    const { failure } = error;
    const isFinal = failure === 'invalid_url' || failure === 'forbidden_address';
    return isFinal ? { did: 'refused', failure } : { did: 'put off', failure, afterSeconds: undefined };
  }
}

async function sendInSize(sender: PushSender, make: (withText: boolean) => OutgoingPush): Promise<PushOutcome> {
  for (const withText of [true, false]) {
    const outcome = await sender(make(withText));
    if (outcome.did !== 'too large') return outcome;
  }
  return { did: 'refused', failure: '413' };
}

function outgoing(
  { pushCipher, messageCipher }: PushDeps,
  { subscriptionId, wanted }: DuePush & { readonly wanted: WantedPush },
  { withText, signal }: { readonly withText: boolean; readonly signal: AbortSignal },
): OutgoingPush {
  const { userId, hash, sealed } = wanted.address;
  return {
    address: pushCipher.open(userId, hash, sealed),
    content: contentOf(wanted, messageCipher, { withText }),
    topic: topicOf(subscriptionId, wanted),
    urgency: urgencyOf(wanted),
    signal,
  };
}

const urgencyOf = ({ subject }: WantedPush) =>
  subject.is === 'test' || (subject.is === 'message' && (subject.isMention || subject.chatType === 'Single'))
    ? 'high'
    : 'normal';

/**
 * A newer push of a chat replaces one that was not delivered yet. The topic differs by subscription: a push service cannot see who
 * is in a chat together.
 */
const topicOf = (subscriptionId: string, { subject }: WantedPush): string =>
  createHash('sha256')
    .update(`${subscriptionId}\0${subject.is === 'test' ? '' : subject.chatId}`)
    .digest('base64url')
    .slice(0, TOPIC_CHARS);
