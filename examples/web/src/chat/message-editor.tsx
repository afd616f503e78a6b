import type { Message } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';

export interface MessageEditorProps {
  readonly message: Message;
  readonly onDone: () => void;
}

/** Enter saves, Escape leaves it as it was. */
export function MessageEditor({ message: { chatId, id: messageId, content: before }, onDone }: MessageEditorProps) {
  const { run, problem, isBusy } = useCall();
  const save = (content: string) =>
    run(async () => {
      if (content.trim() !== '' && content !== before)
        await chatter.message.edit.mutate({ chatId, messageId, content });
      onDone();
    });
  return (
    <>
      <textarea
        className="editor"
        aria-label="Edit message"
        dir="auto"
        defaultValue={before}
        maxLength={8_000}
        disabled={isBusy}
        ref={(area) => area?.focus()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          save(event.currentTarget.value);
        }}
      />
      <small className="quiet">Enter saves, Escape cancels</small>
      <Problem text={problem} />
    </>
  );
}
