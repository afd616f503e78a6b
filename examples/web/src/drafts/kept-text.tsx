import { useConnection, useUnsent } from '@fechatter/client/react';
import { useRef, useState } from 'react';
import { SureButton } from '../ui/sure-button.tsx';
import { draftsOf, editedIn } from './draft-names.ts';
import { texts } from './texts.ts';
import { drafts, useDraftNames } from './use-draft.ts';

/** Shows unsent texts of a conversation that is not writable any more, to be copied. */
export function UnsentText({ chatId }: { readonly chatId: string }) {
  const names = useDraftNames(draftsOf(chatId));
  const { unsent } = useConnection();
  const outbox = useUnsent();
  const waiting = unsent.filter((message) => message.chatId === chatId && !message.isSending);
  if (names.length === 0 && waiting.length === 0) return null;
  return (
    <section className="kept" aria-label={texts.unsent}>
      {names.map((name) => (
        <KeptText
          key={name}
          title={editedIn(name) === undefined ? texts.wereWriting : texts.wereChanging}
          text={drafts.get(name) ?? ''}
          onDiscard={() => drafts.set(name, undefined)}
        />
      ))}
      {waiting.map(({ clientId, content }) => (
        <KeptText key={clientId} title={texts.notSent} text={content} onDiscard={() => outbox.cancel(clientId)} />
      ))}
    </section>
  );
}

export interface KeptTextProps {
  readonly title: string;
  readonly text: string;
  readonly onDiscard: () => void;
}

/** A text without a conversation, until it is discarded. */
export function KeptText({ title, text, onDiscard }: KeptTextProps) {
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
      <textarea ref={area} readOnly dir="auto" rows={3} aria-label={title} value={text} />
      <p className="buttons">
        <button type="button" onClick={() => void copy()}>
          {isCopied ? texts.copied : texts.copy}
        </button>
        <SureButton question={texts.discardSure} onSure={onDiscard}>
          {texts.discard}
        </SureButton>
      </p>
    </div>
  );
}
