import type { Workspace } from '@fechatter/client';
import { useDeferredValue, useState } from 'react';
import { chatter } from '../chatter.ts';
import { chatLink, goTo } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Problem } from '../ui/form.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import { useCall } from '../ui/use-call.ts';

export interface ChannelBrowserProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** The public channels of a workspace, to join. */
export function ChannelBrowser({ workspace: { id: workspaceId }, onClose }: ChannelBrowserProps) {
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  const { answer, problem } = useAnswer(
    () => chatter.workspace.channels.query({ workspaceId, limit: 100, ...(query !== '' && { query }) }),
    query,
  );
  const joining = useCall();
  const open = async (chatId: string, isIn: boolean) => {
    if (!isIn) await chatter.chat.join.mutate({ chatId });
    goTo(chatLink({ workspaceId, id: chatId }));
    onClose();
  };
  return (
    <Dialog title="Browse channels" onClose={onClose}>
      <Field label="Find a channel" type="search" value={typed} onChange={({ target }) => setTyped(target.value)} />
      <Problem text={problem ?? joining.problem} />
      <ul className="rows">
        {answer?.channels.map(({ id, name, memberCount, joined }) => (
          <li key={id}>
            <span className="name" dir="auto">
              # {name}
              <small>{memberCount === 1 ? '1 member' : `${memberCount} members`}</small>
            </span>
            <button
              type="button"
              aria-label={`${joined ? 'Open' : 'Join'} ${name}`}
              onClick={() => joining.run(() => open(id, joined))}
            >
              {joined ? 'Open' : 'Join'}
            </button>
          </li>
        ))}
      </ul>
      {answer?.channels.length === 0 && <p className="quiet">There is none.</p>}
    </Dialog>
  );
}
