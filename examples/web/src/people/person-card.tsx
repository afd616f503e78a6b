import { chatter } from '../chatter.ts';
import { CustomStatus, PresenceDot } from '../presence/presence-dot.tsx';
import { chatLink, goWhen } from '../route.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { useWorkspaceMembers } from '../workspace/use-workspace-members.ts';
import '../style/person-card.css';
import type { ShownPerson } from './shown-person.ts';
import { texts } from './texts.ts';

export interface PersonCardProps {
  readonly shown: ShownPerson;
}

const close = () => document.querySelector<HTMLElement>('.person-card')?.hidePopover();

/** Who a person is, and how to reach them. */
export function PersonCard({ shown: { userId, workspaceId, mention, anchor, name: namedAs } }: PersonCardProps) {
  const members = useWorkspaceMembers(workspaceId);
  const member = members?.find(({ user }) => user.id === userId);
  const name = member?.user.name ?? namedAs ?? texts.someone;
  const isOwn = userId === chatter.session?.id;
  const { run, problem } = useCall();

  async function message(): Promise<string> {
    // Two people have one conversation: it is opened if there is one.
    const chat = await chatter.chat.create.mutate({ chatType: 'Single', name, workspaceId, memberIds: [userId] });
    return chatLink(chat);
  }

  return (
    <>
      <header>
        <Avatar id={userId} name={name} avatarUrl={member?.user.avatarUrl} />
        <div>
          <h3 dir="auto">
            {name}
            {member?.user.kind === 'Person' && <PresenceDot userId={userId} />}
          </h3>
          {member?.user.kind === 'Bot' && <p className="quiet">{texts.bot}</p>}
          {member?.role === 'Guest' && <p className="quiet">{texts.guest}</p>}
          {member !== undefined && <CustomStatus userId={userId} />}
        </div>
      </header>
      {members !== undefined && member === undefined && <p className="quiet">{texts.gone}</p>}
      {member?.user.status === 'Suspended' && <p className="quiet">{texts.suspended}</p>}
      {isOwn && <p className="quiet">{texts.you}</p>}
      <Problem text={problem} />
      {member !== undefined && (
        <div className="person-actions">
          {!isOwn && (
            <button
              type="button"
              className="primary"
              autoFocus
              onClick={() => run(() => goWhen(message()).then(close))}
            >
              {texts.message}
            </button>
          )}
          {mention !== undefined && (
            <button
              type="button"
              autoFocus={isOwn}
              onClick={() => {
                const isAmbiguous = (members?.filter(({ user }) => user.name === name).length ?? 0) > 1;
                mention({ id: userId, name, isAmbiguous });
                close();
                anchor.closest('main, aside')?.querySelector<HTMLElement>('.writing > textarea')?.focus();
              }}
            >
              {texts.mention}
            </button>
          )}
        </div>
      )}
    </>
  );
}
