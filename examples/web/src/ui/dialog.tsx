import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from './icon.tsx';
import { texts } from './texts.ts';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * The browser's own dialog: it traps the focus, closes by Escape and restores the focus. Radix's would write a style
 * into the page to stop it from scrolling, which our policy forbids.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const returnCaret = useRef(() => {});
  const id = useId();
  useEffect(() => {
    returnCaret.current = caretOf(document.activeElement);
    dialog.current?.showModal();
    // React sets no `autofocus`, by which the dialog would find it.
    dialog.current?.querySelector<HTMLElement>('[data-first]')?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={() => {
        returnCaret.current();
        onClose();
      }}
      onClick={(event) => {
        // A click on the backdrop has the dialog itself as its target; a click inside has a child.
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      <div className="dialog">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" className="icon" aria-label={texts.close} onClick={() => dialog.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/**
 * Returns a function that puts the caret back into a text field. Chromium gives the field the focus when a dialog closes, but
 * leaves the caret in the dialog, so that what is typed then goes nowhere.
 */
function caretOf(field: Element | null): () => void {
  if (!(field instanceof HTMLTextAreaElement)) return () => {};
  const { selectionStart, selectionEnd } = field;
  return () => {
    if (document.activeElement === field) field.setSelectionRange(selectionStart, selectionEnd);
  };
}
