import { SureButton } from '../ui/sure-button.tsx';
import { texts } from './texts.ts';
import { drafts, useDraftNames } from './use-draft.ts';

/** Tells what happens to a person's drafts on signing out, beside the button for that. */
export function DraftNote() {
  const { length } = useDraftNames();
  if (length === 0) return null;
  return (
    <p className="quiet">
      {texts.keptHere(length)}{' '}
      <SureButton question={texts.discardAllSure} className="link" onSure={() => drafts.clear()}>
        {texts.discard}
      </SureButton>
    </p>
  );
}
