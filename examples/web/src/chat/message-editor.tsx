import type { Message } from '@fechatter/client';
import { useEffect, useRef, useState } from 'react';
import { chatter } from '../chatter.ts';
import { CompletingArea } from '../completion/completing-area.tsx';
import { withIds, withNames } from '../completion/names.ts';
import { useNameBook } from '../completion/use-name-book.ts';
import { editDraft } from '../drafts/draft-names.ts';
import { drafts, useDraft } from '../drafts/use-draft.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { useFocusBack } from '../ui/use-focus-back.ts';
import { usePlace } from './place.ts';
import { texts } from './texts.ts';

export interface MessageEditorProps {
  readonly message: Message;
  /** Whether the person has just begun to edit, and gets the focus. */
  readonly isFocused: boolean;
  readonly onDone: () => void;
}

/** Enter saves, Escape cancels; discarding a changed text needs a confirmation, and the text is kept until then. */
export function MessageEditor({ message, isFocused, onDone }: MessageEditorProps) {
  const { chatId, id: messageId } = message;
  const { workspaceId, chatType = 'Group' } = usePlace();
  const chat = { id: chatId, workspaceId, chatType };
  const { book, notePicked } = useNameBook(chat, /[@#]/.test(message.content + (drafts.get(editDraft(message)) ?? '')));
  const before = withNames(message.content, book);
  const [content, setContent] = useDraft(editDraft(message), before);
  const [isSure, setSure] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const { run, problem, isBusy } = useCall();
  useFocusBack(area);
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
      if (content !== before) await chatter.message.edit.mutate({ chatId, messageId, content: withIds(content, book) });
      done();
    });
  return (
    <>
      <CompletingArea
        chat={chat}
        onPerson={notePicked}
        ref={area}
        className="editor"
        aria-label={texts.editing}
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
        {isSure ? texts.escapeAgain : texts.editorKeys}
      </small>
      <Problem text={problem} />
    </>
  );
}
