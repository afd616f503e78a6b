import type { ChatRow } from '@fechatter/client';
import { type Ref, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { WritingArea, type WritingAreaProps } from '../chat/writing-area.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import type { KeyTaker } from './completion-list.tsx';
import type { Suggestion } from './suggestions.ts';
import { tokenAt } from './token.ts';

/** Loaded with the first sign that can be completed. */
const CompletionList = onDemand(async () => (await import('./completion-list.tsx')).CompletionList);

/** The chat whose members can be mentioned. */
export type ChatOfNames = Pick<ChatRow, 'id' | 'workspaceId' | 'chatType'>;

export interface CompletingAreaProps extends WritingAreaProps {
  readonly chat: ChatOfNames;
  /** A person was chosen, whose name others may have too. */
  readonly onPerson: (name: string, id: string) => void;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

/** Where a message is written: `@`, `#` and `:` suggest people, channels and emoji. */
export function CompletingArea({ chat, onPerson, ref, value, onChange, ...area }: CompletingAreaProps) {
  const inner = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => inner.current as HTMLTextAreaElement, []);
  const [caret, setCaret] = useState(0);
  const [closedAt, setClosedAt] = useState<number>();
  const [activeId, setActiveId] = useState<string>();
  const nextCaret = useRef<number>(undefined);
  const keys = useRef<KeyTaker>(undefined);
  const id = useId();
  const token = tokenAt(value, caret);
  const isShown = token !== undefined && token.from !== closedAt;

  useLayoutEffect(() => {
    const { current: at } = nextCaret;
    if (at === undefined) return;
    nextCaret.current = undefined;
    inner.current?.setSelectionRange(at, at);
    setCaret(at);
  }, [value]);

  function pick({ text, person }: Suggestion): void {
    if (token === undefined) return;
    if (person !== undefined) onPerson(person.name, person.id);
    const rest = value.slice(caret);
    const written = rest.startsWith(' ') ? text : `${text} `;
    nextCaret.current = token.from + text.length + 1;
    onChange(value.slice(0, token.from) + written + rest);
  }
  const noteCaret = () => setCaret(inner.current?.selectionStart ?? 0);

  return (
    <>
      {isShown && (
        <CompletionList
          id={id}
          chat={chat}
          token={token}
          keys={keys}
          onActive={setActiveId}
          onPick={pick}
          onClose={() => setClosedAt(token.from)}
        />
      )}
      <WritingArea
        {...area}
        ref={inner}
        value={value}
        onChange={(text) => {
          noteCaret();
          if (token === undefined) setClosedAt(undefined);
          onChange(text);
        }}
        onSelect={noteCaret}
        onBlur={() => setClosedAt(token?.from)}
        aria-autocomplete="list"
        aria-controls={activeId === undefined ? undefined : id}
        aria-activedescendant={activeId}
        takesKey={(event) => isShown && keys.current?.(event) === true}
      />
    </>
  );
}
