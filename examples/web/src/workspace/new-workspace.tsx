import { Dialog } from '../ui/dialog.tsx';
import { texts } from './texts.ts';
import { CreateWorkspace } from './welcome.tsx';

/** Makes another workspace. */
export function NewWorkspace({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={texts.newWorkspace} onClose={onClose}>
      <CreateWorkspace onCreated={onClose} />
    </Dialog>
  );
}
