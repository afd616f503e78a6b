import { usePresence } from '@fechatter/client/react';
import { chatter } from '../chatter.ts';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

const TEXT_MAX_CHARS = 100;

/** The person's own status: an emoji, some words, and when it goes by itself. */
export function StatusForm() {
  const status = usePresence(chatter.session?.id ?? '')?.customStatus ?? null;
  const { run, problem } = useCall();
  return (
    <>
      <Form
        key={`${status?.emoji} ${status?.text}`}
        submit={texts.save}
        onSubmit={(fields) => {
          const [emoji, text, seconds] = [textOf(fields, 'emoji'), textOf(fields, 'text'), textOf(fields, 'until')];
          return chatter.user.setStatus.mutate({
            ...(emoji !== '' && { emoji }),
            ...(text !== '' && { text }),
            ...(seconds !== '' && { expiresInSeconds: Number(seconds) }),
          });
        }}
      >
        <Field label={texts.emoji} name="emoji" defaultValue={status?.emoji ?? ''} size={4} />
        <Field label={texts.statusText} name="text" defaultValue={status?.text ?? ''} maxLength={TEXT_MAX_CHARS} />
        <Select label={texts.until} name="until" options={texts.spans} />
      </Form>
      <Problem text={problem} />
      {status !== null && (
        <button type="button" onClick={() => run(() => chatter.user.setStatus.mutate({}))}>
          {texts.clear}
        </button>
      )}
    </>
  );
}
