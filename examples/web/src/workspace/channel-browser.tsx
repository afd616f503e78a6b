import type { Workspace } from '@fechatter/client';
import { useDeferredValue, useState } from 'react';
import { chatter } from '../chatter.ts';
import { chatLink, goWhen } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { useCall } from '../ui/use-call.ts';
import { usePages } from '../ui/use-pages.ts';

export interface ChannelBrowserProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** The public channels of a workspace, to preview and to join. */
export function ChannelBrowser({ workspace: { id: workspaceId }, onClose }: ChannelBrowserProps) {
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  const pages = usePages(async (cursor) => {
    const asked = { workspaceId, cursor, ...(query !== '' && { query }) };
    const { channels, nextCursor } = await chatter.workspace.channels.query(asked);
    return { rows: channels, nextCursor };
  }, query);
  const joining = useCall();
  const open = async (chatId: string, isIn: boolean) => {
    if (!isIn) await chatter.chat.join.mutate({ chatId });
    return chatLink({ workspaceId, id: chatId });
  };
  return (
    <Dialog title="Browse channels" onClose={onClose}>
      <Field label="Find a channel" type="search" value={typed} onChange={({ target }) => setTyped(target.value)} />
      <Problem text={pages.problem ?? joining.problem} />
      <ul className="rows">
        {pages.rows?.map(({ id, name, memberCount, joined }) => (
          <li key={id}>
            <span className="name" dir="auto">
              <a href={chatLink({ workspaceId, id })} onClick={onClose}>
                # {name}
              </a>
              <small>{memberCount === 1 ? '1 member' : `${memberCount} members`}</small>
            </span>
            <button
              type="button"
              aria-label={`${joined ? 'Open' : 'Join'} ${name}`}
              onClick={() => joining.run(() => goWhen(open(id, joined)).then(onClose))}
            >
              {joined ? 'Open' : 'Join'}
            </button>
          </li>
        ))}
        <More pages={pages} />
      </ul>
      {pages.rows?.length === 0 && <p className="quiet">There is none.</p>}
    </Dialog>
  );
}
