import type { ChatRow, NotifyLevel } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { dateAndTimeOf } from '../texts/when.ts';
import { Problem } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { useCall } from '../ui/use-call.ts';

const HOUR_SECONDS = 3_600;
const mutes = {
  '1 hour': HOUR_SECONDS,
  '8 hours': 8 * HOUR_SECONDS,
  '1 day': 24 * HOUR_SECONDS,
  '1 week': 7 * 24 * HOUR_SECONDS,
};

/** What notifies the person of one conversation, on all of their devices. */
export function ChatNotifications({ chat }: { readonly chat: ChatRow }) {
  const { id: chatId, chatType, notifyLevel, mutedUntil } = chat;
  const { run, problem, isBusy } = useCall();
  const mute = (mutedForSeconds: number | null) =>
    run(() => chatter.chat.setNotifications.mutate({ chatId, mutedForSeconds }));
  const isDirect = chatType === 'Single' || chatType === 'Group';
  const levels: Readonly<Record<NotifyLevel | 'default', string>> = {
    default: `As usual: ${isDirect ? 'every message' : 'mentions'}`,
    All: 'Every message',
    Mentions: 'Mentions',
    Nothing: 'Nothing',
  };
  const isMuted = mutedUntil !== null && mutedUntil.getTime() > Date.now();
  return (
    <div className="stack">
      <Problem text={problem} />
      <Select
        label="What notifies you"
        options={levels}
        value={notifyLevel ?? 'default'}
        disabled={isBusy}
        onChange={({ target }) =>
          run(() => chatter.chat.setNotifications.mutate({ chatId, level: levelOf(target.value) }))
        }
      />
      {isMuted ? (
        <p>
          Muted until {dateAndTimeOf(mutedUntil)}.{' '}
          <button type="button" disabled={isBusy} onClick={() => mute(null)}>
            Unmute
          </button>
        </p>
      ) : (
        <div role="group" aria-label="Mute for" className="buttons">
          Mute for
          {Object.entries(mutes).map(([words, seconds]) => (
            <button key={words} type="button" disabled={isBusy} onClick={() => mute(seconds)}>
              {words}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

const levelOf = (text: string): NotifyLevel | null =>
  (['All', 'Mentions', 'Nothing'] as const).find((level) => level === text) ?? null;
