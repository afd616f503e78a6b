import { texts as appearanceTexts } from '../appearance/texts.ts';
import { chatter } from '../chatter.ts';
import { DraftNote } from '../drafts/draft-note.tsx';
import { Details } from '../ui/details.tsx';
import { StatusForm } from '../presence/status-form.tsx';
import { texts as statusTexts } from '../presence/texts.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Form, Problem, textOf, wholeTextOf } from '../ui/form.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { useResult } from '../ui/use-result.ts';
import { useCall } from '../ui/use-call.ts';
import { EmailForm } from './email-form.tsx';
import { EraseForm } from './erase-form.tsx';
import { ExportButton } from '../exports/export-button.tsx';
import { texts as exportTexts } from '../exports/texts.ts';
import { texts as privacyTexts } from '../privacy/texts.ts';
import { SessionList } from './session-list.tsx';
import { texts } from './texts.ts';

// Loaded on demand, because few people change these.
const Appearance = onDemand(async () => (await import('../appearance/appearance.tsx')).Appearance);
const SecondFactors = onDemand(async () => (await import('./second-factors.tsx')).SecondFactors);
const Identities = onDemand(async () => (await import('./identities.tsx')).Identities);
const NotificationSettings = onDemand(
  async () => (await import('../push/notification-settings.tsx')).NotificationSettings,
);

const PrivacySettings = onDemand(async () => (await import('../privacy/privacy-settings.tsx')).PrivacySettings);

/** The person's account: name and picture, password, and signed-in devices. */
export function AccountDialog({ onClose }: { readonly onClose: () => void }) {
  const { result: me, problem } = useResult(() => chatter.user.me.query(), 'me');
  const leaving = useCall();

  async function save(fields: FormData): Promise<void> {
    await chatter.user.update.mutate({
      fullName: textOf(fields, 'fullName'),
      avatarUrl: textOf(fields, 'avatarUrl') || null,
    });
    onClose();
  }

  async function changePassword(fields: FormData): Promise<void> {
    await chatter.auth.changePassword.mutate({
      currentPassword: wholeTextOf(fields, 'current'),
      newPassword: wholeTextOf(fields, 'new'),
    });
    onClose();
  }

  return (
    <Dialog title={texts.title} onClose={onClose}>
      <Problem text={problem ?? leaving.problem} />
      {me && (
        <Form submit={texts.save} onSubmit={save}>
          <p className="quiet">{me.email}</p>
          <Field
            label={texts.name}
            name="fullName"
            defaultValue={me.fullName}
            required
            maxLength={100}
            autoComplete="name"
          />
          <Field
            label={texts.picture}
            name="avatarUrl"
            type="url"
            defaultValue={me.avatarUrl ?? ''}
            placeholder={texts.pictureExample}
          />
        </Form>
      )}
      {me && <EmailForm me={me} />}
      <Details summary={statusTexts.status}>
        <StatusForm />
      </Details>
      <details>
        <summary>{texts.changePassword}</summary>
        <Form submit={texts.change} onSubmit={changePassword}>
          <input type="hidden" name="username" autoComplete="username" value={me?.email ?? ''} />
          <Field
            label={texts.currentPassword}
            name="current"
            type="password"
            autoComplete="current-password"
            required
          />
          <Field
            label={texts.newPassword}
            name="new"
            type="password"
            autoComplete="new-password"
            required
            minLength={8}
            hint={texts.othersSignedOut}
          />
        </Form>
      </details>
      <Details summary={texts.secondFactors}>
        <SecondFactors email={me?.email ?? ''} />
      </Details>
      <Details summary={texts.identities}>
        <Identities email={me?.email ?? ''} />
      </Details>
      <Details summary={texts.notifications}>
        <NotificationSettings />
      </Details>
      <Details summary={appearanceTexts.title}>
        <Appearance />
      </Details>
      <Details summary={privacyTexts.title}>
        <PrivacySettings />
      </Details>
      <SessionList />
      <ExportButton
        label={exportTexts.own}
        fileName="my-fechatter-data.jsonl"
        read={(cursor) => chatter.user.export.query({ cursor, limit: 100 })}
        email={me?.email ?? ''}
      />
      <details>
        <summary>{texts.erase}</summary>
        <EraseForm email={me?.email ?? ''} />
      </details>
      <DraftNote />
      <footer>
        <button type="button" onClick={() => leaving.run(() => chatter.auth.signout.mutate())}>
          {texts.signOut}
        </button>
        <button type="button" className="danger" onClick={() => leaving.run(() => chatter.auth.signoutAll.mutate())}>
          {texts.signOutEverywhere}
        </button>
      </footer>
    </Dialog>
  );
}
