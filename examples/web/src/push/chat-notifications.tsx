import type { ChatRow, NotifyLevel } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { dateAndTimeOf } from '../texts/when.ts';
import { Problem } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

/** What notifies the person of one conversation, on all of their devices. */
export function ChatNotifications({ chat }: { readonly chat: ChatRow }) {
  const { id: chatId, chatType, notifyLevel, mutedUntil } = chat;
  const { run, problem, isBusy } = useCall();
  const mute = (mutedForSeconds: number | null) =>
    run(() => chatter.chat.setNotifications.mutate({ chatId, mutedForSeconds }));
  const isDirect = chatType === 'Single' || chatType === 'Group';
  const levels: Readonly<Record<NotifyLevel | 'default', string>> = {
    default: isDirect ? texts.usualAll : texts.usualMentions,
    ...texts.levels,
  };
  const isMuted = mutedUntil !== null && mutedUntil.getTime() > Date.now();
  return (
    <div className="stack">
      <Problem text={problem} />
      <Select
        label={texts.level}
        options={levels}
        value={notifyLevel ?? 'default'}
        disabled={isBusy}
        onChange={({ target }) =>
          run(() => chatter.chat.setNotifications.mutate({ chatId, level: levelOf(target.value) }))
        }
      />
      {isMuted ? (
        <p>
          {texts.mutedUntil(dateAndTimeOf(mutedUntil))}{' '}
          <button type="button" disabled={isBusy} onClick={() => mute(null)}>
            {texts.unmute}
          </button>
        </p>
      ) : (
        <div role="group" aria-label={texts.muteFor} className="buttons">
          {texts.muteFor}
          {Object.entries(texts.mutes).map(([seconds, words]) => (
            <button key={seconds} type="button" disabled={isBusy} onClick={() => mute(Number(seconds))}>
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
