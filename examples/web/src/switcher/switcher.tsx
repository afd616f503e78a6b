import type { Workspace } from '@fechatter/client';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import '../style/switcher.css';
import { useRoute } from '../route.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { useCall } from '../ui/use-call.ts';
import { ChatSign } from '../workspace/chat-sign.tsx';
import type { Entry } from './entry.ts';
import { foundOf } from './found.ts';
import { texts } from './texts.ts';
import { useActions, useOtherWorkspaces } from './use-actions.ts';
import { useConversations, usePeopleToWrite } from './use-conversations.ts';
import { useOtherChannels } from './use-other-channels.ts';

export interface SwitcherProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** Goes to a person, a conversation or an action by a few letters of its name. */
export function Switcher({ workspace, onClose }: SwitcherProps) {
  const [typed, setTyped] = useState('');
  const [activeKey, setActiveKey] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const { run, isBusy, problem } = useCall();
  const found = foundOf(useEntries(workspace, typed), typed);
  // What arrives meanwhile moves the entries, and not the choice.
  const at = Math.max(
    0,
    found.findIndex(({ key }) => key === activeKey),
  );
  const optionId = (index: number) => `${id}-${index}`;
  useEffect(() => {
    document.getElementById(optionId(at))?.scrollIntoView({ block: 'nearest' });
  }, [at, typed]);

  const pick = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    run(async () => {
      const link = await entry.prepare?.();
      // The focus goes back first: what opens next gives it back to where it came from.
      field.current?.closest('dialog')?.close();
      entry.go(link);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const next = nextOf(event.key, at, found.length);
    if (next !== undefined) setActiveKey(found[next]?.key);
    else if (event.key === 'Enter') pick(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <input
        ref={field}
        type="search"
        role="combobox"
        data-first
        aria-label={texts.field}
        placeholder={texts.field}
        aria-autocomplete="list"
        aria-expanded={found.length > 0}
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? optionId(at) : undefined}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="go"
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setActiveKey(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      <Problem text={problem} />
      <ul id={id} className="places" role="listbox" aria-label={texts.list} aria-busy={isBusy}>
        {found.map((entry, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field takes the keys
          <li
            key={entry.key}
            id={optionId(index)}
            role="option"
            aria-selected={index === at}
            // The field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(entry)}
          >
            <Sign entry={entry} />
            <span className="name" dir="auto">
              {entry.name}
            </span>
            {entry.hint !== undefined && <small>{entry.hint}</small>}
          </li>
        ))}
      </ul>
      <p className={found.length === 0 ? 'quiet' : 'spoken'} role="status">
        {found.length === 0 ? texts.none : texts.found(found.length)}
      </p>
    </Dialog>
  );
}

function useEntries(workspace: Workspace, typed: string): readonly Entry[] {
  const { chatId } = useRoute();
  const conversations = useConversations(workspace.id);
  const people = usePeopleToWrite(workspace);
  const channels = useOtherChannels(workspace, typed);
  const actions = useActions(workspace);
  const workspaces = useOtherWorkspaces(workspace.id);
  // Nobody looks through a thousand people: without a letter there are only conversations and actions.
  if (typed.trim() === '') return [...firstOf(conversations, chatId), ...actions];
  return [...conversations, ...people, ...channels, ...actions, ...workspaces];
}

const FIRST_MAX = 8;
/** Nobody goes to where they are. */
const firstOf = (entries: readonly Entry[], current: string | undefined) =>
  entries
    .filter(({ key }) => key !== current)
    .toSorted((a, b) => a.order - b.order)
    .slice(0, FIRST_MAX);

/** Undefined for a key that does not move. */
function nextOf(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at - 1 + count) % count;
    default:
      return undefined;
  }
}

function Sign({ entry: { sign, name } }: { readonly entry: Entry }) {
  if ('chat' in sign) return <ChatSign chat={sign.chat} />;
  if ('person' in sign) return <Avatar {...sign.person} name={name} />;
  if ('workspaceId' in sign) return <Avatar id={sign.workspaceId} name={name} />;
  return <Icon name={sign.icon} />;
}
