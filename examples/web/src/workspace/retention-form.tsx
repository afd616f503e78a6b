import type { Workspace } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { Field, Form, textOf } from '../ui/form.tsx';

/** How long messages are kept; older ones are permanently purged from every conversation. */
export function RetentionForm({ workspace: { id: workspaceId, retentionDays } }: { readonly workspace: Workspace }) {
  const save = (fields: FormData) => {
    const days = textOf(fields, 'days');
    return chatter.workspace.setRetention.mutate({ workspaceId, days: days === '' ? null : Number(days) });
  };
  return (
    <Form submit="Keep them so long" onSubmit={save}>
      <Field
        label="Days"
        name="days"
        type="number"
        min={1}
        max={36_500}
        defaultValue={retentionDays ?? ''}
        placeholder="for ever"
        hint="What is older is deleted for good."
      />
    </Form>
  );
}
