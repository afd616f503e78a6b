import { allows, type Workspace } from '@fechatter/client';
import { BotList } from '../bots/bot-list.tsx';
import { chatter } from '../chatter.ts';
import { Details } from '../ui/details.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { AuditLog } from './audit-log.tsx';
import { RetentionForm } from './retention-form.tsx';

export interface WorkspaceDialogProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** The workspace's name and bots, for Admins; and deleting it, for Owners. */
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
    <Dialog title={`Settings of ${name}`} onClose={onClose}>
      <Form submit="Save" onSubmit={save}>
        <Field label="Name" name="name" defaultValue={name} required maxLength={100} />
        <Field label="What it is for" name="description" defaultValue={description ?? ''} maxLength={1_000} />
      </Form>
      {allows(role, 'bot.manage') && (
        <Details summary="Bots">
          <BotList workspaceId={workspaceId} />
        </Details>
      )}
      {allows(role, 'workspace.delete') && (
        <>
          <details>
            <summary>How long messages are kept</summary>
            <RetentionForm workspace={workspace} />
          </details>
          <Details summary="Audit log">
            <AuditLog workspaceId={workspaceId} />
          </Details>
          <Problem text={problem} />
          <footer>
            <SureButton
              question="Delete all of it, for everyone?"
              onSure={() => run(() => chatter.workspace.delete.mutate({ workspaceId }))}
            >
              Delete this workspace
            </SureButton>
          </footer>
        </>
      )}
    </Dialog>
  );
}
