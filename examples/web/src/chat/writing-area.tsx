import { type KeyboardEvent, type TextareaHTMLAttributes, type Ref, useId } from 'react';

/** What the service takes as one message, in UTF-16 units. */
const CONTENT_MAX_CHARS = 8_000;
/** From here on it says how much is left. */
const COUNTED_FROM_CHARS = 7_000;
/** What browsers tell instead of a key that belongs to an input method. */
const INPUT_METHOD_KEY = 229;

export interface WritingAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value'> {
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Enter was pressed, with a text that can be sent. */
  readonly onEnter: () => void;
  readonly onEscape?: () => void;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

/** Whether a text is one message: it is not empty, and not too long. */
export const isMessage = (text: string): boolean => text.trim() !== '' && text.length <= CONTENT_MAX_CHARS;

/** Where a message is written. It takes any text and cuts nothing; what is too long for a message it says. */
export function WritingArea({ value, onChange, onEnter, onEscape, ...area }: WritingAreaProps) {
  const id = useId();
  const isCounted = value.length > COUNTED_FROM_CHARS;
  const isTooLong = value.length > CONTENT_MAX_CHARS;

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // In Safari the composition has ended when the Enter comes that ended it; its code tells.
    if (event.nativeEvent.isComposing || event.keyCode === INPUT_METHOD_KEY) return;
    if (event.key === 'Escape') onEscape?.();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    if (isMessage(value)) onEnter();
  }

  return (
    <>
      <textarea
        {...area}
        dir="auto"
        value={value}
        aria-invalid={isTooLong}
        aria-describedby={isCounted ? id : undefined}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={onKeyDown}
      />
      {isCounted && (
        <p id={id} className={isTooLong ? 'count problem' : 'count quiet'}>
          {isTooLong && <span role="alert">This is too long for one message. </span>}
          {value.length.toLocaleString()} of {CONTENT_MAX_CHARS.toLocaleString()} characters
        </p>
      )}
    </>
  );
}
