import { usePreferences } from '@fechatter/client/react';
import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

/** Blocks a person, or ends that. */
export function BlockButton({ userId }: { readonly userId: string }) {
  const preferences = usePreferences();
  const { run, problem } = useCall();
  if (preferences === undefined) return null;
  return (
    <div className="stack">
      <Problem text={problem} />
      {preferences.blockedUserIds.includes(userId) ? (
        <>
          <p className="quiet">{texts.isBlocked}</p>
          <button type="button" onClick={() => run(() => chatter.user.unblock.mutate({ userId }))}>
            {texts.unblock}
          </button>
        </>
      ) : (
        <>
          <p className="quiet">{texts.blockedHint}</p>
          <SureButton question={texts.blockSure} onSure={() => run(() => chatter.user.block.mutate({ userId }))}>
            {texts.block}
          </SureButton>
        </>
      )}
    </div>
  );
}
