import type { Message } from '@fechatter/client';
import { useEffect, useRef, useState } from 'react';
import { chatter } from '../chatter.ts';
import { editDraft } from '../drafts/draft-names.ts';
import { drafts, useDraft } from '../drafts/use-draft.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { WritingArea } from './writing-area.tsx';

export interface MessageEditorProps {
  readonly message: Message;
  /** Whether the person has just begun to edit, and gets the focus. */
  readonly isFocused: boolean;
  readonly onDone: () => void;
}

/** Enter saves, Escape cancels; discarding a changed text needs a confirmation, and the text is kept until then. */
export function MessageEditor({ message, isFocused, onDone }: MessageEditorProps) {
  const { chatId, id: messageId, content: before } = message;
  const [content, setContent] = useDraft(editDraft(message), before);
  const [isSure, setSure] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const { run, problem, isBusy } = useCall();
  useEffect(() => {
    if (!isFocused) return;
    area.current?.focus();
    area.current?.setSelectionRange(before.length, before.length);
  }, []);

  function done(): void {
    drafts.set(editDraft(message), undefined);
    onDone();
  }
  const save = () =>
    run(async () => {
      if (content !== before) await chatter.message.edit.mutate({ chatId, messageId, content });
      done();
    });
  return (
    <>
      <WritingArea
        ref={area}
        className="editor"
        aria-label="Edit message"
        readOnly={isBusy}
        value={content}
        onChange={(text) => {
          setContent(text);
          setSure(false);
        }}
        onEnter={save}
        onEscape={() => (content === before || isSure ? done() : setSure(true))}
      />
      <small className="quiet" role="status">
        {isSure ? 'Press Escape again to discard what you changed' : 'Enter saves, Escape cancels'}
      </small>
      <Problem text={problem} />
    </>
  );
}
