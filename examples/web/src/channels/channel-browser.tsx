import type { Workspace } from '@fechatter/client';
import { useDeferredValue, useState } from 'react';
import { chatter } from '../chatter.ts';
import { chatLink, goWhen } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { useCall } from '../ui/use-call.ts';
import { usePages } from '../ui/use-pages.ts';
import { texts } from './texts.ts';

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
    <Dialog title={texts.title} onClose={onClose}>
      <Field
        label={texts.find}
        type="search"
        data-first
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <Problem text={pages.problem ?? joining.problem} />
      <ul className="rows">
        {pages.rows?.map(({ id, name, topic, memberCount, joined, archivedAt }) => (
          <li key={id}>
            <span className="name" dir="auto">
              <a href={chatLink({ workspaceId, id })} onClick={onClose}>
                # {name}
              </a>
              {topic !== null && <span className="topic">{topic}</span>}
              <small>
                {texts.members(memberCount)}
                {archivedAt !== null && ` · ${texts.archived}`}
              </small>
            </span>
            {(joined || archivedAt === null) && (
              <button
                type="button"
                aria-label={joined ? texts.openName(name) : texts.joinName(name)}
                onClick={() => joining.run(() => goWhen(open(id, joined)).then(onClose))}
              >
                {joined ? texts.open : texts.join}
              </button>
            )}
          </li>
        ))}
        <More pages={pages} />
      </ul>
      {pages.rows?.length === 0 && <p className="quiet">{texts.none}</p>}
    </Dialog>
  );
}
