import { chatter } from '../chatter.ts';
import { Field, Form, textOf, wholeTextOf } from '../ui/form.tsx';

const WORD = 'erase';

/** Takes oneself out of it: there is no way back, so it wants the password and a word. */
export function EraseForm({ email }: { readonly email: string }) {
  const erase = (fields: FormData) => {
    if (textOf(fields, 'confirmation') !== WORD) return Promise.resolve();
    return chatter.user.erase.mutate({ password: wholeTextOf(fields, 'password'), confirmation: WORD });
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
