import { type KeyboardEvent, type TextareaHTMLAttributes, type Ref, useId } from 'react';
import { texts } from './texts.ts';

/** The maximum length of a message, in UTF-16 units. */
const CONTENT_MAX_CHARS = 8_000;
/** From this length on the remaining characters are shown. */
const COUNTED_FROM_CHARS = 7_000;
/** The key code that browsers report for keys of an input method. */
const INPUT_METHOD_KEY = 229;

export interface WritingAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value'> {
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Enter was pressed, with a text that can be sent. */
  readonly onEnter: () => void;
  /** There is something else to send: the text can be empty. */
  readonly isOptional?: boolean;
  readonly onEscape?: () => void;
  /** Whether a key was used by something else, such as a list of suggestions. */
  readonly takesKey?: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

/** Whether a text is one message: it is not empty, and not too long. */
export const isMessage = (text: string): boolean => text.trim() !== '' && text.length <= CONTENT_MAX_CHARS;

/** The same, or nothing. */
export const isMessageOrNone = (text: string): boolean => text.trim() === '' || isMessage(text);

/** Where a message is written. It accepts any text and truncates nothing; it shows when a text is too long. */
export function WritingArea({
  value,
  onChange,
  onEnter,
  onEscape,
  takesKey,
  onKeyDown,
  isOptional = false,
  ...area
}: WritingAreaProps) {
  const id = useId();
  const isCounted = value.length > COUNTED_FROM_CHARS;
  const isTooLong = value.length > CONTENT_MAX_CHARS;

  function onKey(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // In Safari the composition has already ended when its final Enter arrives, which the key code reveals.
    if (event.nativeEvent.isComposing || event.keyCode === INPUT_METHOD_KEY) return;
    if (takesKey?.(event) === true) return event.preventDefault();
    onKeyDown?.(event);
    if (event.defaultPrevented) return;
    if (event.key === 'Escape' && onEscape !== undefined) {
      // It is not also a shortcut of the page.
      event.preventDefault();
      onEscape();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    if (isOptional ? isMessageOrNone(value) : isMessage(value)) onEnter();
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
        onKeyDown={onKey}
      />
      {isCounted && (
        <p id={id} className={isTooLong ? 'count problem' : 'count quiet'}>
          {isTooLong && <span role="alert">{texts.tooLong} </span>}
          {texts.length({ length: value.length, max: CONTENT_MAX_CHARS })}
        </p>
      )}
    </>
  );
}
