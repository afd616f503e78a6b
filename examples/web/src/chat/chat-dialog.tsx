import { allows, type ChatRow } from '@fechatter/client';
import { useMembers } from '@fechatter/client/react';
import { ArchiveButton } from '../chat-settings/archive-button.tsx';
import { texts as settingTexts } from '../chat-settings/texts.ts';
import { TopicForm } from '../chat-settings/topic-form.tsx';
import { chatter } from '../chatter.ts';
import { IncomingWebhookList } from '../incoming-webhooks/incoming-webhook-list.tsx';
import { BlockButton } from '../privacy/block-button.tsx';
import { texts as privacyTexts } from '../privacy/texts.ts';
import { ChatNotifications } from '../push/chat-notifications.tsx';
import { Details } from '../ui/details.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { chatRoleOf, chatRolesUpTo } from '../ui/roles.ts';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { useRoleIn } from '../workspace/use-role-in.ts';
import { useGuests } from '../workspace/use-workspace-members.ts';
import { PeoplePicker, somePeople } from '../workspace/people-picker.tsx';
import { MemberList } from './member-list.tsx';
import { texts } from './texts.ts';

export interface ChatDialogProps {
  readonly chat: ChatRow;
  readonly onClose: () => void;
}

/** The members of a conversation, and what notifies of it; its Admins and Owners also change and archive it, add people, and let programs post. */
export function ChatDialog({ chat, onClose }: ChatDialogProps) {
  const { id: chatId, chatType, workspaceId } = chat;
  const role = useRoleIn(chat);
  const members = useMembers(chatId);
  const { run, problem } = useCall();
  const isFixed = chatType === 'Single';
  const isAdmin = !isFixed && allows(role, 'chat.addMembers');
  const guests = useGuests(workspaceId);
  const present = new Set(members?.map(({ user }) => user.id));

  return (
    <Dialog title={texts.membersOf(chat.name)} onClose={onClose}>
      <Problem text={problem} />
      <MemberList
        members={members}
        guests={guests}
        ownRole={role}
        {...(isAdmin && {
          given: {
            roles: chatRolesUpTo(role ?? 'Member'),
            onRole: (userId, given) =>
              run(() => chatter.chat.setRole.mutate({ chatId, userId, role: chatRoleOf(given) })),
          },
          onRemove: (userId) => run(() => chatter.chat.removeMember.mutate({ chatId, userId })),
        })}
      />
      {isAdmin && (
        <>
          <details>
            <summary>{texts.addPeople}</summary>
            <Form
              submit={texts.add}
              onSubmit={async (fields) => chatter.chat.addMembers.mutate({ chatId, userIds: somePeople(fields) })}
            >
              <PeoplePicker workspaceId={workspaceId} legend={texts.whoElse} without={present} />
            </Form>
          </details>
          <details>
            <summary>{texts.rename}</summary>
            <Form
              submit={texts.rename}
              onSubmit={(fields) => chatter.chat.update.mutate({ chatId, name: textOf(fields, 'name') })}
            >
              <Field label={texts.name} name="name" defaultValue={chat.name} required maxLength={100} />
            </Form>
          </details>
          <Details summary={settingTexts.title}>
            <TopicForm chat={chat} />
          </Details>
        </>
      )}
      {!isFixed && allows(role, 'chat.manageWebhooks') && (
        <Details summary={texts.incomingWebhooks}>
          <IncomingWebhookList chatId={chatId} />
        </Details>
      )}
      <Details summary={texts.notifications}>
        <ChatNotifications chat={chat} />
      </Details>
      {chat.otherUserId !== null && (
        <Details summary={privacyTexts.block}>
          <BlockButton userId={chat.otherUserId} />
        </Details>
      )}
      {!isFixed && (
        <footer>
          <SureButton question={texts.leaveSure} onSure={() => run(() => chatter.chat.leave.mutate({ chatId }))}>
            {texts.leave}
          </SureButton>
          {allows(role, 'chat.archive') && <ArchiveButton chat={chat} run={run} />}
          {allows(role, 'chat.delete') && (
            <SureButton
              question={texts.deleteChatSure}
              onSure={() => run(() => chatter.chat.delete.mutate({ chatId }))}
            >
              {texts.deleteChat}
            </SureButton>
          )}
        </footer>
      )}
    </Dialog>
  );
}
