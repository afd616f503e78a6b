import { SureButton } from '../ui/sure-button.tsx';
import { drafts, useDraftNames } from './use-draft.ts';

/** What becomes of a person's drafts when they sign out, beside the button that does it. */
export function DraftNote() {
  const { length } = useDraftNames();
  if (length === 0) return null;
  return (
    <p className="quiet">
      {length === 1 ? 'One text that you have not sent is' : `${length} texts that you have not sent are`} kept on this
      device until you sign in again.{' '}
      <SureButton question="Discard them for good?" className="link" onSure={() => drafts.clear()}>
        Discard
      </SureButton>
    </p>
  );
}
