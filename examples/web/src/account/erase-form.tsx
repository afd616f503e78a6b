import { chatter } from '../chatter.ts';
import { drafts } from '../drafts/use-draft.ts';
import { Refusal } from '../ui/refusal.ts';
import { Field, Form, textOf, wholeTextOf } from '../ui/form.tsx';
import { texts } from './texts.ts';

const WORD = 'erase';

/** Erases the account. This cannot be undone, so it needs the password and a confirming word. */
export function EraseForm({ email }: { readonly email: string }) {
  return (
    <Form submit={texts.eraseMine} onSubmit={erase}>
      <p>{texts.eraseHint}</p>
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <Field label={texts.password} name="password" type="password" autoComplete="current-password" required />
      <Field
        label={texts.typeWord(texts.eraseWord)}
        name="confirmation"
        pattern={texts.eraseWord}
        required
        autoComplete="off"
      />
    </Form>
  );
}

async function erase(fields: FormData): Promise<void> {
  if (textOf(fields, 'confirmation') !== texts.eraseWord) throw new Refusal(texts.typeWordPlease(texts.eraseWord));
  const userId = chatter.session?.id;
  await chatter.user.erase.mutate({ password: wholeTextOf(fields, 'password'), confirmation: WORD });
  drafts.clear(userId);
}
