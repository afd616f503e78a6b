import type { ChatRow } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { SureButton } from '../ui/sure-button.tsx';
import { texts } from './texts.ts';

export interface ArchiveButtonProps {
  readonly chat: ChatRow;
  readonly run: (work: () => Promise<unknown>) => void;
}

/** Archives a conversation, or brings it back. */
export function ArchiveButton({ chat: { id: chatId, archivedAt }, run }: ArchiveButtonProps) {
  return archivedAt === null ? (
    <SureButton question={texts.archiveSure} onSure={() => run(() => chatter.chat.archive.mutate({ chatId }))}>
      {texts.archive}
    </SureButton>
  ) : (
    <button type="button" onClick={() => run(() => chatter.chat.unarchive.mutate({ chatId }))}>
      {texts.unarchive}
    </button>
  );
}
