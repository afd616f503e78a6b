import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { noteUse } from '../emoji/chosen.ts';
import { Glyph } from '../emoji/glyph.tsx';
import { Avatar } from '../ui/avatar.tsx';
import type { ChatOfNames } from './completing-area.tsx';
import { type Suggestion, useChatSuggestions, useEmojiSuggestions, usePeopleSuggestions } from './suggestions.ts';
import { texts } from './texts.ts';
import type { Token } from './token.ts';

/** Takes a key of the text field; true if it was for the list. */
export type KeyTaker = (event: KeyboardEvent) => boolean;

export interface CompletionListProps {
  readonly id: string;
  readonly chat: ChatOfNames;
  readonly token: Token;
  /** The list sets it, so that the focus stays in the text field. */
  readonly keys: RefObject<KeyTaker | undefined>;
  /** The id of the active option, for the text field; undefined if there is none. */
  readonly onActive: (optionId: string | undefined) => void;
  readonly onPick: (suggestion: Suggestion) => void;
  readonly onClose: () => void;
}

/** What the token at the caret can be completed to: arrow keys choose, Enter and Tab pick, Escape closes. */
export function CompletionList(props: CompletionListProps) {
  switch (props.token.kind) {
    case 'person':
      return <PeopleList {...props} />;
    case 'chat':
      return <ChatList {...props} />;
    case 'emoji':
      return <EmojiList {...props} />;
    default:
      return props.token.kind satisfies never;
  }
}

const PeopleList = (props: CompletionListProps) => (
  <List {...props} suggestions={usePeopleSuggestions(props.chat, props.token)} />
);
const ChatList = (props: CompletionListProps) => (
  <List {...props} suggestions={useChatSuggestions(props.chat, props.token)} />
);
const EmojiList = (props: CompletionListProps) => (
  <List {...props} suggestions={useEmojiSuggestions(props.chat, props.token)} />
);

interface ListProps extends CompletionListProps {
  readonly suggestions: readonly Suggestion[];
}

function List({ id, chat, token, keys, onActive, onPick, onClose, suggestions }: ListProps) {
  const [active, setActive] = useState(0);
  const box = useRef<HTMLUListElement>(null);
  const { length } = suggestions;
  const at = Math.min(active, length - 1);
  useEffect(() => setActive(0), [token.query, token.kind]);
  const pick = (suggestion: Suggestion | undefined) => {
    if (suggestion === undefined) return;
    if (suggestion.emoji !== undefined) noteUse(suggestion.emoji);
    onPick(suggestion);
  };
  useEffect(() => {
    keys.current = ({ key }) => {
      if (length === 0) return false;
      if (key === 'ArrowDown') setActive((at + 1) % length);
      else if (key === 'ArrowUp') setActive((at - 1 + length) % length);
      else if (key === 'Enter' || key === 'Tab') pick(suggestions[at]);
      else if (key === 'Escape') onClose();
      else return false;
      return true;
    };
    return () => {
      keys.current = undefined;
    };
  });
  const activeId = length === 0 ? undefined : `${id}-${at}`;
  useEffect(() => {
    onActive(activeId);
    return () => onActive(undefined);
  }, [activeId]);
  if (length === 0) return null;
  return (
    <>
      <ul ref={box} id={id} className="completion" role="listbox" aria-label={texts.list}>
        {suggestions.map((suggestion, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the text field takes the keys
          <li
            key={suggestion.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            // The text field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(suggestion)}
          >
            {suggestion.person !== undefined && <Avatar {...suggestion.person} />}
            {suggestion.emoji !== undefined && <Glyph emoji={suggestion.emoji} workspaceId={chat.workspaceId} />}
            <span dir="auto">{suggestion.label}</span>
            {suggestion.hint !== undefined && <small>{suggestion.hint}</small>}
          </li>
        ))}
      </ul>
      <p className="spoken" role="status">
        {texts.found(length)}
      </p>
    </>
  );
}
