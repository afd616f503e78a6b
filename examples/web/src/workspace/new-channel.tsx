import type { Workspace } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { chatLink, goWhen } from '../route.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, textOf } from '../ui/form.tsx';
import { PeoplePicker, pickedPeople } from './people-picker.tsx';
import { texts } from './texts.ts';

export interface NewChannelProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

export function NewChannel({ workspace, onClose }: NewChannelProps) {
  const [isPrivate, setPrivate] = useState(false);

  async function create(fields: FormData): Promise<string> {
    const chat = await chatter.chat.create.mutate({
      name: textOf(fields, 'name'),
      chatType: isPrivate ? 'PrivateChannel' : 'PublicChannel',
      workspaceId: workspace.id,
      memberIds: pickedPeople(fields),
    });
    return chatLink(chat);
  }

  return (
    <Dialog title={texts.newChannel} onClose={onClose}>
      <Form submit={texts.createChannel} onSubmit={(fields) => goWhen(create(fields)).then(onClose)}>
        <Field label={texts.name} name="name" required maxLength={100} data-first />
        <label className="choice">
          <input type="checkbox" checked={isPrivate} onChange={({ target }) => setPrivate(target.checked)} />
          {texts.private}
        </label>
        <PeoplePicker workspaceId={workspace.id} legend={texts.addPeople} />
      </Form>
    </Dialog>
  );
}
