import { allows, type ChatRow, type Workspace } from '@fechatter/client';
import { useChats } from '@fechatter/client/react';
import { memo, type ReactNode, useEffect, useRef } from 'react';
import { type DialogName, showDialog } from '../dialogs/shown-dialog.ts';
import { LostTexts } from '../drafts/lost-texts.tsx';
import { useDraftedChats } from '../drafts/use-draft.ts';
import { PresenceDot } from '../presence/presence-dot.tsx';
import { chatLink, useRoute } from '../route.ts';
import { Keys } from '../shortcuts/keys.tsx';
import { ariaKeys } from '../shortcuts/keys-of.ts';
import { texts as switcherTexts } from '../switcher/texts.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { ChatSign } from './chat-sign.tsx';
import { ConnectionNote } from './connection-note.tsx';
import { conversationsOf } from './conversations.ts';
import { PageLinks } from './page-links.tsx';
import { texts } from './texts.ts';

/** A workspace's conversations, and its actions. */
export function Sidebar({ workspace }: { readonly workspace: Workspace }) {
  const { channels, direct } = conversationsOf(useChats(workspace.id));
  // Guests cannot create chats, and see no channels to join.
  const mayCreate = allows(workspace.role, 'chat.create');
  const open = (name: DialogName) => showDialog(name, workspace.id);
  const button = (name: DialogName, label: string, icon: IconName) => (
    <button type="button" className="icon" aria-label={label} title={label} onClick={() => open(name)}>
      <Icon name={icon} />
    </button>
  );
  return (
    <aside className="sidebar">
      <header>
        <h1 dir="auto">{workspace.name}</h1>
        {button('search', texts.search, 'search')}
        {button('people', texts.people, 'people')}
        {allows(workspace.role, 'workspace.invite') && button('invite', texts.invitePeople, 'invite')}
        {allows(workspace.role, 'workspace.update') && button('settings', texts.settings, 'settings')}
      </header>
      <button type="button" className="go-to" aria-keyshortcuts={ariaKeys('switcher')} onClick={() => open('switcher')}>
        <Icon name="search" /> <span className="name">{switcherTexts.title}</span> <Keys of="switcher" />
      </button>
      <nav aria-label={texts.conversations}>
        <PageLinks workspaceId={workspace.id} />
        <Section title={texts.channels} chats={channels}>
          {mayCreate && button('browse', texts.browse, 'search')}
          {mayCreate && button('channel', texts.newChannel, 'plus')}
        </Section>
        <Section title={texts.directs} chats={direct}>
          {mayCreate && button('direct', texts.newDirect, 'plus')}
        </Section>
      </nav>
      <LostTexts workspaceId={workspace.id} />
      <ConnectionNote />
    </aside>
  );
}

interface SectionProps {
  readonly title: string;
  readonly chats: readonly ChatRow[];
  readonly children: ReactNode;
}

function Section({ title, chats, children }: SectionProps) {
  const drafted = useDraftedChats();
  const { chatId } = useRoute();
  return (
    <section>
      <header>
        <h2>{title}</h2>
        {children}
      </header>
      <ul>
        {chats.map((chat) => (
          <li key={chat.id}>
            <ChatLink chat={chat} isCurrent={chat.id === chatId} hasDraft={drafted.has(chat.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ChatLinkProps {
  readonly chat: ChatRow;
  readonly isCurrent: boolean;
  readonly hasDraft: boolean;
}

/** Rendered again only when it changes: there may be a thousand. */
const ChatLink = memo(function ChatLink({ chat, isCurrent, hasDraft }: ChatLinkProps) {
  const link = useRef<HTMLAnchorElement>(null);
  // It may have been opened from elsewhere.
  useEffect(() => {
    if (isCurrent) link.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    <a
      ref={link}
      href={chatLink(chat)}
      aria-current={isCurrent ? 'page' : undefined}
      data-unread={chat.unreadCount > 0}
    >
      <ChatSign chat={chat} />
      <span className="name" dir="auto">
        {chat.name}
      </span>
      {chat.otherUserId !== null && <PresenceDot userId={chat.otherUserId} />}
      {hasDraft && !isCurrent && (
        <>
          <Icon name="edit" />
          <span className="spoken">{texts.notSent}</span>
        </>
      )}
      {chat.unreadCount > 0 && (
        <span className="badge">
          {chat.unreadCount > 99 ? '99+' : chat.unreadCount}
          <span className="spoken"> {texts.unread}</span>
        </span>
      )}
    </a>
  );
});
