import type { Message } from '@fechatter/client';
import { useReactions } from '@fechatter/client/react';
import { useRef, useState } from 'react';
import { texts as emojiTexts } from '../emoji/texts.ts';
import { Problem } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Popover } from '../ui/popover.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

/** Loaded on demand, with its 50 KB of emoji. */
const EmojiPicker = onDemand(
  async () => (await import('../emoji/emoji-picker.tsx')).EmojiPicker,
  <p className="quiet">{emojiTexts.loading}</p>,
);

export interface AddReactionProps {
  readonly message: Message;
  readonly workspaceId: string;
  readonly className: string;
}

/** The button that opens the picker. */
export function AddReaction({ message: { chatId, id }, workspaceId, className }: AddReactionProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const own = useReactions(chatId);
  const { run, problem } = useCall();
  const pick = (emoji: string) => {
    button.current?.focus();
    setOpen(false);
    run(() => own.react(id, emoji));
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        data-react
        aria-label={texts.add}
        title={texts.add}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="react" />
      </button>
      {isOpen && (
        <Popover anchor={button} label={emojiTexts.title} role="dialog" onClose={() => setOpen(false)}>
          <EmojiPicker workspaceId={workspaceId} onPick={pick} />
        </Popover>
      )}
      <Problem text={problem} />
    </>
  );
}
