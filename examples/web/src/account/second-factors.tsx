import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, Problem, textOf, wholeTextOf } from '../ui/form.tsx';
import { useResult } from '../ui/use-result.ts';
import { useCall } from '../ui/use-call.ts';
import { addPasskey } from './passkey-in-browser.ts';
import { QrCode } from './qr-code.tsx';
import { texts } from './texts.ts';
import { useProof } from './use-proof.tsx';

/** The authenticator app, passkeys and recovery codes. */
export function SecondFactors({ email }: { readonly email: string }) {
  const [secret, setSecret] = useState<{ readonly secret: string; readonly url: string }>();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { run, problem } = useCall();
  const { proved, form } = useProof(email);
  const factors = useResult(() => chatter.auth.secondFactors.query(), 'secondFactors');
  const passkeys = useResult(() => chatter.auth.passkeys.query(), 'passkeys');
  const readAgain = () => {
    factors.askAgain();
    passkeys.askAgain();
  };

  const begin = async () => setSecret(await chatter.auth.totpBegin.mutate());
  const confirm = async (code: string) => {
    const { recoveryCodes } = await chatter.auth.totpConfirm.mutate({ code });
    setSecret(undefined);
    setCodes(recoveryCodes);
    readAgain();
  };
  const removeTotp = async (fields: FormData) => {
    await chatter.auth.totpRemove.mutate({ currentPassword: wholeTextOf(fields, 'current') });
    readAgain();
  };
  const renew = async () => {
    setCodes((await chatter.auth.renewRecoveryCodes.mutate()).recoveryCodes);
    readAgain();
  };
  const add = async (name: string) => {
    const recoveryCodes = await addPasskey(name);
    if (recoveryCodes !== null) setCodes(recoveryCodes);
    readAgain();
  };
  const remove = async (passkeyId: string) => {
    await chatter.auth.passkeyRemove.mutate({ passkeyId });
    readAgain();
  };

  if (form !== undefined) return form;
  const hasTotp = factors.result?.totpAddedAt != null;
  const hasPasskey = (passkeys.result?.passkeys.length ?? 0) > 0;
  return (
    <div className="stack">
      <Problem text={problem ?? factors.problem ?? passkeys.problem} />
      {codes && (
        <div role="status">
          <p>{texts.keepCodes}</p>
          <pre>{codes.join('\n')}</pre>
        </div>
      )}
      {hasTotp ? (
        <details>
          <summary>{texts.removeApp}</summary>
          <Form submit={texts.removeIt} onSubmit={removeTotp}>
            <Field label={texts.password} name="current" type="password" autoComplete="current-password" required />
          </Form>
        </details>
      ) : secret === undefined ? (
        <button type="button" onClick={() => run(() => proved(begin))}>
          {texts.setUpApp}
        </button>
      ) : (
        <Form submit={texts.confirmApp} onSubmit={(fields) => proved(() => confirm(textOf(fields, 'code')))}>
          <p>{texts.scan}</p>
          <QrCode text={secret.url} label={texts.qrCode} />
          <p>
            <code>{secret.secret}</code>
          </p>
          <Field label={texts.codeOfApp} name="code" inputMode="numeric" autoComplete="one-time-code" required />
        </Form>
      )}
      <ul className="rows">
        {passkeys.result?.passkeys.map(({ id, name }) => (
          <li key={id}>
            <span className="name">{name}</span>
            <button type="button" onClick={() => run(() => proved(() => remove(id)))}>
              {texts.remove}
            </button>
          </li>
        ))}
      </ul>
      <Form submit={texts.addPasskey} onSubmit={(fields) => proved(() => add(textOf(fields, 'name')))}>
        <Field label={texts.passkeyName} name="name" defaultValue={texts.thisDevice} required maxLength={100} />
      </Form>
      {(hasTotp || hasPasskey) && (
        <p>
          {texts.codesLeft(factors.result?.recoveryCodesLeft ?? 0)}{' '}
          <button type="button" className="link" onClick={() => run(() => proved(renew))}>
            {texts.newCodes}
          </button>
        </p>
      )}
    </div>
  );
}
