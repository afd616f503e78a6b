import { allows, type ChatRow, type Workspace } from '@fechatter/client';
import { useChats } from '@fechatter/client/react';
import { type ReactNode, useState } from 'react';
import { LostTexts } from '../drafts/lost-texts.tsx';
import { useDraftedChats } from '../drafts/use-draft.ts';
import { PresenceDot } from '../presence/presence-dot.tsx';
import { chatLink, useRoute } from '../route.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { ConnectionNote } from './connection-note.tsx';
import { PageLinks } from './page-links.tsx';
import { texts } from './texts.ts';

// What opens by a button is not part of the first load.
const SearchDialog = onDemand(async () => (await import('../search/search-dialog.tsx')).SearchDialog);
const ChannelBrowser = onDemand(async () => (await import('./channel-browser.tsx')).ChannelBrowser);
const InviteDialog = onDemand(async () => (await import('./invite-dialog.tsx')).InviteDialog);
const NewChannel = onDemand(async () => (await import('./new-channel.tsx')).NewChannel);
const NewDirect = onDemand(async () => (await import('./new-direct.tsx')).NewDirect);
const PeopleDialog = onDemand(async () => (await import('./people-dialog.tsx')).PeopleDialog);
const WorkspaceDialog = onDemand(async () => (await import('./workspace-dialog.tsx')).WorkspaceDialog);

type Open = 'search' | 'settings' | 'invite' | 'people' | 'browse' | 'channel' | 'direct';
const isChannel = ({ chatType }: ChatRow) => chatType === 'PublicChannel' || chatType === 'PrivateChannel';

/** A workspace's conversations, and its actions. */
export function Sidebar({ workspace }: { readonly workspace: Workspace }) {
  const [open, setOpen] = useState<Open>();
  const chats = useChats(workspace.id);
  const { chatId } = useRoute();
  const channels = chats.filter(isChannel).toSorted((a, b) => a.name.localeCompare(b.name));
  const direct = chats.filter((chat) => !isChannel(chat));
  // Guests cannot create chats, and see no channels to join.
  const mayCreate = allows(workspace.role, 'chat.create');
  const close = () => setOpen(undefined);
  const button = (name: Open, label: string, icon: Parameters<typeof Icon>[0]['name']) => (
    <button type="button" className="icon" aria-label={label} title={label} onClick={() => setOpen(name)}>
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
      {open === 'search' && <SearchDialog workspace={workspace} chatId={chatId} onClose={close} />}
      {open === 'settings' && <WorkspaceDialog workspace={workspace} onClose={close} />}
      {open === 'invite' && <InviteDialog workspace={workspace} onClose={close} />}
      {open === 'people' && <PeopleDialog workspace={workspace} onClose={close} />}
      {open === 'browse' && <ChannelBrowser workspace={workspace} onClose={close} />}
      {open === 'channel' && <NewChannel workspace={workspace} onClose={close} />}
      {open === 'direct' && <NewDirect workspace={workspace} onClose={close} />}
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
  return (
    <section>
      <header>
        <h2>{title}</h2>
        {children}
      </header>
      <ul>
        {chats.map((chat) => (
          <li key={chat.id}>
            <ChatLink chat={chat} hasDraft={drafted.has(chat.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ChatLink({ chat, hasDraft }: { readonly chat: ChatRow; readonly hasDraft: boolean }) {
  const isCurrent = useRoute().chatId === chat.id;
  return (
    <a href={chatLink(chat)} aria-current={isCurrent ? 'page' : undefined} data-unread={chat.unreadCount > 0}>
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
}

/** An icon for the type of conversation. */
export function ChatSign({ chat }: { readonly chat: Pick<ChatRow, 'id' | 'name' | 'chatType' | 'otherUserId'> }) {
  switch (chat.chatType) {
    case 'PublicChannel':
      return (
        <span className="sign" aria-hidden="true">
          #
        </span>
      );
    case 'PrivateChannel':
      return <Icon name="lock" />;
    case 'Group':
      return <Icon name="people" />;
    case 'Single':
      return <Avatar id={chat.otherUserId ?? chat.id} name={chat.name} />;
    default:
      return chat.chatType satisfies never;
  }
}
