import { Dialog } from '../ui/dialog.tsx';
import { CreateWorkspace } from './welcome.tsx';

/** Makes another workspace. */
export function NewWorkspace({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="New workspace" onClose={onClose}>
      <CreateWorkspace onCreated={onClose} />
    </Dialog>
  );
}
