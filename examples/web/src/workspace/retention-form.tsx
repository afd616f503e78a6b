import type { Workspace } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { Field, Form, textOf } from '../ui/form.tsx';
import { texts } from './texts.ts';

/** How long messages are kept; older ones are permanently purged from every conversation. */
export function RetentionForm({ workspace: { id: workspaceId, retentionDays } }: { readonly workspace: Workspace }) {
  const save = (fields: FormData) => {
    const days = textOf(fields, 'days');
    return chatter.workspace.setRetention.mutate({ workspaceId, days: days === '' ? null : Number(days) });
  };
  return (
    <Form submit={texts.keepSoLong} onSubmit={save}>
      <Field
        label={texts.days}
        name="days"
        type="number"
        min={1}
        max={36_500}
        defaultValue={retentionDays ?? ''}
        placeholder={texts.forEver}
        hint={texts.purged}
      />
    </Form>
  );
}
