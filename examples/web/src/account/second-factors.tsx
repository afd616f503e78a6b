import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, Problem, textOf, wholeTextOf } from '../ui/form.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import { useCall } from '../ui/use-call.ts';
import { addPasskey } from './passkey-in-browser.ts';

/** The authenticator app, passkeys and recovery codes; changing them needs the password. */
export function SecondFactors({ email }: { readonly email: string }) {
  const [isProved, setProved] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { run, problem } = useCall();
  const factors = useAnswer(() => chatter.auth.secondFactors.query(), 'second factors');
  const passkeys = useAnswer(() => chatter.auth.passkeys.query(), 'passkeys');
  const readAgain = () => {
    factors.askAgain();
    passkeys.askAgain();
  };
  const change = (work: () => Promise<unknown>) => run(() => work().then(readAgain));

  const prove = async (fields: FormData) => {
    await chatter.auth.reauthenticate.mutate({ currentPassword: wholeTextOf(fields, 'current') });
    setProved(true);
  };
  const confirm = async (fields: FormData) => {
    const { recoveryCodes } = await chatter.auth.totpConfirm.mutate({ code: textOf(fields, 'code') });
    setSecret(undefined);
    setCodes(recoveryCodes);
    readAgain();
  };
  const removeTotp = async (fields: FormData) => {
    await chatter.auth.totpRemove.mutate({ currentPassword: wholeTextOf(fields, 'current') });
    readAgain();
  };
  const add = async (fields: FormData) => {
    setCodes(await addPasskey(textOf(fields, 'name')));
    readAgain();
  };

  if (!isProved)
    return (
      <Form submit="Continue" onSubmit={prove}>
        <input type="hidden" name="username" autoComplete="username" value={email} />
        <Field label="Your password" name="current" type="password" autoComplete="current-password" required />
      </Form>
    );
  const hasTotp = factors.answer?.totpAddedAt != null;
  return (
    <>
      <Problem text={problem ?? factors.problem ?? passkeys.problem} />
      {codes && (
        <div role="status">
          <p>Keep these recovery codes: each works once instead of your app or passkey, and you see them only now.</p>
          <pre>{codes.join('\n')}</pre>
        </div>
      )}
      {hasTotp ? (
        <Form submit="Remove the authenticator app" onSubmit={removeTotp}>
          <Field
            label="Password, to remove it"
            name="current"
            type="password"
            autoComplete="current-password"
            required
          />
        </Form>
      ) : secret === undefined ? (
        <button
          type="button"
          onClick={() => run(async () => setSecret((await chatter.auth.totpBegin.mutate()).secret))}
        >
          Set up an authenticator app
        </button>
      ) : (
        <Form submit="Confirm the app" onSubmit={confirm}>
          <p>
            Enter this key in the app: <code>{secret}</code>
          </p>
          <Field label="Code of the app" name="code" inputMode="numeric" autoComplete="one-time-code" required />
        </Form>
      )}
      <ul className="rows">
        {passkeys.answer?.passkeys.map(({ id, name }) => (
          <li key={id}>
            <span className="name">{name}</span>
            <button type="button" onClick={() => change(() => chatter.auth.passkeyRemove.mutate({ passkeyId: id }))}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <Form submit="Add a passkey" onSubmit={add}>
        <Field label="Name of the passkey" name="name" defaultValue="This device" required maxLength={100} />
      </Form>
    </>
  );
}
