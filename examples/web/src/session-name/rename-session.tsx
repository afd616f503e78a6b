import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, textOf } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { texts } from './texts.ts';

export interface RenameSessionProps {
  readonly sessionId: string;
  readonly name: string | null;
  readonly onRenamed: () => void;
}

const NAME_MAX_CHARS = 100;

/** Gives a device a name that only its owner sees; an empty one shows the browser's again. */
export function RenameSession({ sessionId, name, onRenamed }: RenameSessionProps) {
  const [isOpen, setOpen] = useState(false);
  async function rename(fields: FormData): Promise<void> {
    await chatter.auth.renameSession.mutate({ sessionId, name: textOf(fields, 'name') || null });
    setOpen(false);
    onRenamed();
  }
  if (!isOpen)
    return (
      <button
        type="button"
        className="icon"
        aria-label={texts.nameDevice}
        title={texts.nameDevice}
        onClick={() => setOpen(true)}
      >
        <Icon name="edit" />
      </button>
    );
  return (
    <Form submit={texts.saveName} onSubmit={rename}>
      <Field label={texts.deviceName} name="name" defaultValue={name ?? ''} maxLength={NAME_MAX_CHARS} autoFocus />
    </Form>
  );
}
