import { allows, type Workspace } from '@fechatter/client';
import { BotList } from '../bots/bot-list.tsx';
import { chatter } from '../chatter.ts';
import { EmojiList } from '../emoji-settings/emoji-list.tsx';
import { texts as emojiTexts } from '../emoji-settings/texts.ts';
import { Details } from '../ui/details.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { AuditLog } from '../audit/audit-log.tsx';
import { texts as auditTexts } from '../audit/texts.ts';
import { RetentionForm } from './retention-form.tsx';
import { texts } from './texts.ts';

export interface WorkspaceDialogProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** The workspace's name, bots and emoji, for Admins; retention, audit log and deletion, for Owners. */
export function WorkspaceDialog({ workspace, onClose }: WorkspaceDialogProps) {
  const { id: workspaceId, name, description, role } = workspace;
  const { run, problem } = useCall();

  async function save(fields: FormData): Promise<void> {
    await chatter.workspace.update.mutate({
      workspaceId,
      name: textOf(fields, 'name'),
      description: textOf(fields, 'description') || null,
    });
    onClose();
  }

  return (
    <Dialog title={texts.settingsOf(name)} onClose={onClose}>
      <Form submit={texts.save} onSubmit={save}>
        <Field label={texts.name} name="name" defaultValue={name} required maxLength={100} />
        <Field label={texts.purpose} name="description" defaultValue={description ?? ''} maxLength={1_000} />
      </Form>
      {allows(role, 'bot.manage') && (
        <Details summary={texts.bots}>
          <BotList workspaceId={workspaceId} />
        </Details>
      )}
      {allows(role, 'emoji.manage') && (
        <Details summary={emojiTexts.title}>
          <EmojiList workspaceId={workspaceId} />
        </Details>
      )}
      {allows(role, 'workspace.delete') && (
        <>
          <details>
            <summary>{texts.retention}</summary>
            <RetentionForm workspace={workspace} />
          </details>
          <Details summary={auditTexts.title}>
            <AuditLog workspaceId={workspaceId} />
          </Details>
          <Problem text={problem} />
          <footer>
            <SureButton
              question={texts.deleteSure}
              onSure={() => run(() => chatter.workspace.delete.mutate({ workspaceId }))}
            >
              {texts.deleteWorkspace}
            </SureButton>
          </footer>
        </>
      )}
    </Dialog>
  );
}
