import { SureButton } from '../ui/sure-button.tsx';
import { drafts, useDraftNames } from './use-draft.ts';

/** Tells what happens to a person's drafts on signing out, beside the button for that. */
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
