import type { ChatRow, Message } from '@fechatter/client';
import type { MessageExtras } from '@fechatter/client/outbox';
import { useSetTyping, useStore } from '@fechatter/client/react';
import { type ClipboardEvent, useEffect, useRef, useState } from 'react';
import { CompletingArea } from '../completion/completing-area.tsx';
import { withIds } from '../completion/names.ts';
import { useNameBook } from '../completion/use-name-book.ts';
import { useDraft } from '../drafts/use-draft.ts';
import { addFiles, choose, filesIn, useChosen } from '../files/chosen-files.ts';
import { sendInMessages } from '../files/in-messages.ts';
import { QuotingBar } from '../quotes/quoting-bar.tsx';
import { pressedKey } from '../shortcuts/keys-of.ts';
import { shownTyping } from '../typing/shown-typing.ts';
import { TypingLine } from '../typing/typing-line.tsx';
import { Problem } from '../ui/form.tsx';
import { ConnectionNote } from '../workspace/connection-note.tsx';
import { Icon } from '../ui/icon.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { texts } from './texts.ts';
import { isMessage, isMessageOrNone } from './writing-area.tsx';

/** What of files can wait until there are some. */
const loadFiles = () => import('../files/chosen-list.tsx');
const ChosenList = onDemand(async () => (await loadFiles()).ChosenList);

export interface ComposerProps {
  readonly chat: ChatRow;
  /** The root of the thread that is written to; undefined in the chat itself. */
  readonly rootId?: string;
  /** Under which name the unsent text is kept. */
  readonly draftName: string;
  readonly label: string;
  readonly placeholder: string;
  /** The message that this one will quote. */
  readonly quoted: Message | undefined;
  readonly onUnquote: () => void;
  /** Throws if too much is waiting already. */
  readonly onSend: (content: string, extras?: MessageExtras) => void;
}

/** Where a message is written. It works without a connection: messages and files wait until there is one. */
export function Composer({ chat, rootId, draftName, label, placeholder, quoted, onUnquote, onSend }: ComposerProps) {
  const [content, setContent] = useDraft(draftName);
  const { book, notePicked } = useNameBook(chat, /[@#]/.test(content));
  const chosen = useChosen(draftName);
  const [problem, setProblem] = useState<string>();
  const area = useRef<HTMLTextAreaElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const hasFiles = chosen.files.length > 0;
  const canSend = hasFiles ? isMessageOrNone(content) : isMessage(content);
  const setTyping = useSetTyping(chat.id, rootId);
  const { outbox } = useStore();
  // Without a connection it could not be loaded later.
  useEffect(() => void Promise.all([loadFiles(), outbox.prepareFiles()]).catch(() => {}), [outbox]);
  useEffect(() => {
    if (quoted !== undefined) area.current?.focus();
  }, [quoted]);

  function send(): void {
    if (!canSend) return;
    const extras = quoted && { quotedId: quoted.id };
    try {
      if (hasFiles) sendFiles(extras);
      else onSend(withIds(content, book), extras);
    } catch {
      setProblem(texts.tooMuchWaits);
      return;
    }
    setProblem(undefined);
    done();
    area.current?.focus();
  }

  /** It was sent, but for these files. */
  function done(left: readonly File[] = []): void {
    setContent('');
    choose(draftName, { files: left });
    onUnquote();
  }

  /** The text goes with the first ones; what is more than a message can have, in further messages. */
  function sendFiles(extras?: MessageExtras): void {
    const { asFile, files } = chosen;
    sendInMessages(files, {
      send(some, isFirst) {
        const given = some.map((file) => ({ content: file, asFile }));
        if (isFirst) onSend(isMessage(content) ? withIds(content, book) : '', { ...extras, files: given });
        else onSend('', { files: given });
      },
      onSent: done,
    });
  }

  function onPaste(event: ClipboardEvent): void {
    // Office programs copy a text with a picture of it.
    if (event.clipboardData.getData('text/plain') !== '') return;
    const files = filesIn(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    addFiles(draftName, files);
  }

  return (
    <form
      className="composer"
      onPaste={onPaste}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <ConnectionNote />
      {quoted !== undefined && <QuotingBar quoted={quoted} workspaceId={chat.workspaceId} onRemove={onUnquote} />}
      <Problem text={problem} />
      {hasFiles && <ChosenList draftName={draftName} chosen={chosen} />}
      <div className="writing">
        <CompletingArea
          chat={chat}
          onPerson={notePicked}
          ref={area}
          rows={1}
          aria-label={label}
          placeholder={placeholder}
          value={content}
          onChange={(text) => {
            setContent(text);
            if (shownTyping.get() === 'on') setTyping(text.trim() !== '');
          }}
          onEnter={send}
          isOptional={hasFiles}
          onKeyDown={(event) => {
            if (pressedKey(event, 'editLast') && content === '' && editLast(event.currentTarget))
              event.preventDefault();
          }}
          autoFocus={matchMedia('(hover: hover)').matches}
        />
        <input
          ref={input}
          type="file"
          multiple
          hidden
          onChange={({ target }) => {
            addFiles(draftName, [...(target.files ?? [])]);
            // The same file can be chosen again.
            target.value = '';
            area.current?.focus();
          }}
        />
        <button
          type="button"
          className="icon attach"
          aria-label={texts.attach}
          title={texts.attach}
          onClick={() => input.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <button type="submit" className="icon send" aria-label={texts.send} disabled={!canSend}>
          <Icon name="send" />
        </button>
      </div>
      <TypingLine chatId={chat.id} rootId={rootId} workspaceId={chat.workspaceId} />
    </form>
  );
}

/** Begins to edit the last own message on the screen of this conversation or thread; false if there is none. */
function editLast(area: HTMLElement): boolean {
  const buttons = area.closest('main, aside')?.querySelectorAll<HTMLElement>('.scroller [data-edit]') ?? [];
  const last = [...buttons].at(-1);
  last?.click();
  return last !== undefined;
}
