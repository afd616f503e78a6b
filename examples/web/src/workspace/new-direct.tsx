import type { Workspace } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { chatLink, goWhen } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, textOf } from '../ui/form.tsx';
import { PeoplePicker, somePeople } from './people-picker.tsx';
import { texts } from './texts.ts';

export interface NewDirectProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** Begins a conversation with one person, or a group with several. */
export function NewDirect({ workspace, onClose }: NewDirectProps) {
  async function begin(fields: FormData): Promise<string> {
    const memberIds = somePeople(fields);
    const chat = await chatter.chat.create.mutate({
      // Two people have one conversation, which has the other person's name.
      chatType: memberIds.length === 1 ? 'Single' : 'Group',
      name: textOf(fields, 'name') || texts.group,
      workspaceId: workspace.id,
      memberIds,
    });
    return chatLink(chat);
  }
  return (
    <Dialog title={texts.newDirect} onClose={onClose}>
      <Form submit={texts.begin} onSubmit={(fields) => goWhen(begin(fields)).then(onClose)}>
        <PeoplePicker workspaceId={workspace.id} legend={texts.withWhom} />
        <Field label={texts.groupName} name="name" maxLength={100} hint={texts.groupHint} />
      </Form>
    </Dialog>
  );
}
