import { type DragEvent, useState } from 'react';
import { addFiles, filesIn } from './chosen-files.ts';

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes('Files');

/** What an element needs, so that files dropped on it are chosen for the message that is written under this draft's name. */
export function useDropping(draftName: string) {
  const [isDropping, setDropping] = useState(false);
  return {
    'data-dropping': isDropping,
    onDragOver(event: DragEvent) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDropping(true);
    },
    onDragLeave({ relatedTarget, currentTarget }: DragEvent) {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setDropping(false);
    },
    onDrop(event: DragEvent) {
      setDropping(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      addFiles(draftName, filesIn(event.dataTransfer));
    },
  };
}
