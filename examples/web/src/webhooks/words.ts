import type { Delivery, Webhook } from '@fechatter/client';
import { locale } from '../texts/language.ts';
import { texts } from './texts.ts';

const when = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });

/** What became of a webhook, as sentences. */
export function stateOf({ isEnabled, offReason, failingSince, droppedCount, droppedAt }: Webhook): string {
  const sentences = [isEnabled ? texts.isOn : offWords(offReason)];
  if (isEnabled && failingSince !== null) sentences.push(texts.failing(when.format(failingSince)));
  if (droppedAt !== null)
    sentences.push(
      droppedCount > 0
        ? texts.dropped({ count: droppedCount, last: when.format(droppedAt) })
        : texts.lost(when.format(droppedAt)),
    );
  return sentences.join(' ');
}

function offWords(reason: Webhook['offReason']): string {
  switch (reason) {
    case null:
      return texts.isOff;
    case 'Gone':
      return texts.offGone;
    case 'Failing':
      return texts.offFailing;
    default:
      return reason satisfies never;
  }
}

/** What a delivery is about. */
export const subjectOf = ({ kind }: Delivery): string => (kind === 'webhook.test' ? texts.test : texts.kinds[kind]);

/** What became of a delivery, as sentences. */
export function outcomeOf({ state, attempts, failure, dueAt, attemptedAt }: Delivery): string {
  const tried = texts.tried(attempts);
  const why = failure === null ? '' : `: ${failureWords(failure)}`;
  switch (state) {
    case 'Delivered':
      return texts.delivered(attemptedAt === null ? '' : when.format(attemptedAt));
    case 'Waiting':
      return dueAt === null ? texts.waits : texts.waitsAgain({ tried, why, next: when.format(dueAt) });
    case 'Failed':
      return texts.failed({ tried: attempts > 0 ? tried : undefined, why });
    case 'Skipped':
      return texts.skipped(why);
    default:
      return state satisfies never;
  }
}

function failureWords(failure: string): string {
  const status = /^status_(\d+)$/.exec(failure)?.[1];
  return status === undefined ? (texts.failures[failure] ?? failure) : texts.responded(status);
}
