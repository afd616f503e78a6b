import { chatter } from '../chatter.ts';
import { drafts } from '../drafts/use-draft.ts';
import { Refusal } from '../ui/sentence-of.ts';
import { Field, Form, textOf, wholeTextOf } from '../ui/form.tsx';

const WORD = 'erase';

/** Erases the account. This cannot be undone, so it needs the password and a confirming word. */
export function EraseForm({ email }: { readonly email: string }) {
  const erase = async (fields: FormData) => {
    if (textOf(fields, 'confirmation') !== WORD) throw new Refusal(`Type “${WORD}”.`);
    const userId = chatter.session?.id;
    await chatter.user.erase.mutate({ password: wholeTextOf(fields, 'password'), confirmation: WORD });
    drafts.clear(userId);
  };
  return (
    <Form submit="Erase my account" onSubmit={erase}>
      <p>Your name, your address and every message that you have sent are deleted for good.</p>
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      <Field label={`Type “${WORD}”`} name="confirmation" pattern={WORD} required autoComplete="off" />
    </Form>
  );
}
