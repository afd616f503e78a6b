import type { Delivery, Webhook } from '@fechatter/client';
import { kindWords } from './kinds.ts';
import { locale } from '../texts/language.ts';

const when = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });

/** What became of a webhook, as sentences. */
export function stateOf({ isEnabled, offReason, failingSince, droppedCount, droppedAt }: Webhook): string {
  const sentences = [isEnabled ? 'It is on.' : offWords(offReason)];
  if (isEnabled && failingSince !== null)
    sentences.push(`It has failed since ${when.format(failingSince)}; after five days it is switched off.`);
  if (droppedAt !== null)
    sentences.push(
      droppedCount > 0
        ? `${droppedCount} events were not kept, because too many waited; the last one on ${when.format(droppedAt)}.`
        : `Events were lost on ${when.format(droppedAt)}, and how many is not known.`,
    );
  return sentences.join(' ');
}

function offWords(reason: Webhook['offReason']): string {
  switch (reason) {
    case null:
      return 'It is off: nothing is sent or kept.';
    case 'Gone':
      return 'It is off, because its receiver responded that it wants nothing more (410).';
    case 'Failing':
      return 'It is off, because nothing was delivered for five days.';
    default:
      return reason satisfies never;
  }
}

/** What a delivery is about. */
export const subjectOf = ({ kind }: Delivery): string => (kind === 'webhook.test' ? 'A test' : kindWords[kind]);

/** What became of a delivery, as sentences. */
export function outcomeOf({ state, attempts, failure, dueAt, attemptedAt }: Delivery): string {
  const tried = attempts === 1 ? 'once' : `${attempts} times`;
  const why = failure === null ? '' : `: ${failureWords(failure)}`;
  switch (state) {
    case 'Delivered':
      return `Delivered${attemptedAt === null ? '' : ` ${when.format(attemptedAt)}`}`;
    case 'Waiting':
      return dueAt === null ? 'Waits to be sent' : `Tried ${tried}${why}. Next on ${when.format(dueAt)}`;
    case 'Failed':
      return `Failed${attempts > 0 ? `, tried ${tried}` : ''}${why}`;
    case 'Skipped':
      return `Not sent${why}`;
    default:
      return state satisfies never;
  }
}

const failures: Readonly<Record<string, string>> = {
  timeout: 'the receiver did not respond in time',
  unreachable: 'the receiver could not be reached',
  redirected: 'the receiver redirected, which is not followed',
  forbidden_address: 'this address is not allowed here',
  invalid_url: 'the address is not valid',
  switched_off: 'the webhook was switched off',
  event_gone: 'the event is too old',
  not_visible: 'the bot does not see it any more',
  internal: 'the service has a problem',
};

function failureWords(failure: string): string {
  const status = /^status_(\d+)$/.exec(failure)?.[1];
  return status === undefined ? (failures[failure] ?? failure) : `the receiver responded with ${status}`;
}
