import { useConnection, useUnsent } from '@fechatter/client/react';
import { useRef, useState } from 'react';
import { choose, useChosen, useChosenNames } from '../files/chosen-files.ts';
import { SureButton } from '../ui/sure-button.tsx';
import { draftsOf, editedIn } from './draft-names.ts';
import { type KeptFile, keptFile, KeptFiles } from './kept-files.tsx';
import { texts } from './texts.ts';
import { drafts, useDraftNames } from './use-draft.ts';

/** Shows unsent texts and files of a conversation that is not writable any more, to be copied or saved. */
export function UnsentText({ chatId }: { readonly chatId: string }) {
  const written = useDraftNames(draftsOf(chatId));
  const chosen = useChosenNames(draftsOf(chatId));
  const { unsent } = useConnection();
  const outbox = useUnsent();
  const names = [...new Set([...written, ...chosen])];
  const waiting = unsent.filter((message) => message.chatId === chatId && !message.isSending);
  if (names.length === 0 && waiting.length === 0) return null;
  return (
    <section className="kept" aria-label={texts.unsent}>
      {names.map((name) => (
        <KeptDraft key={name} name={name} />
      ))}
      {waiting.map(({ clientId, content, files }) => (
        <KeptText
          key={clientId}
          title={content === '' ? texts.files : texts.notSent}
          text={content}
          files={files}
          onDiscard={() => outbox.cancel(clientId)}
        />
      ))}
    </section>
  );
}

function KeptDraft({ name }: { readonly name: string }) {
  const { files } = useChosen(name);
  const text = drafts.get(name) ?? '';
  const title = editedIn(name) === undefined ? texts.wereWriting : texts.wereChanging;
  return (
    <KeptText
      title={text === '' ? texts.files : title}
      text={text}
      files={files.map(keptFile)}
      onDiscard={() => {
        drafts.set(name, undefined);
        choose(name, { files: [] });
      }}
    />
  );
}

export interface KeptTextProps {
  readonly title: string;
  /** Empty if there are files alone. */
  readonly text: string;
  readonly files?: readonly KeptFile[];
  readonly onDiscard: () => void;
}

/** A text without a conversation, or files, until they are discarded. */
export function KeptText({ title, text, files = [], onDiscard }: KeptTextProps) {
  const [isCopied, setCopied] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  async function copy(): Promise<void> {
    area.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // The text is selected, so the browser's own command copies it.
    }
  }
  return (
    <div className="kept-text">
      <p>{title}</p>
      {text !== '' && <textarea ref={area} readOnly dir="auto" rows={3} aria-label={title} value={text} />}
      {files.length > 0 && <KeptFiles files={files} />}
      <p className="buttons">
        {text !== '' && (
          <button type="button" onClick={() => void copy()}>
            {isCopied ? texts.copied : texts.copy}
          </button>
        )}
        <SureButton question={texts.discardSure} onSure={onDiscard}>
          {texts.discard}
        </SureButton>
      </p>
    </div>
  );
}
