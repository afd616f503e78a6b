import type { UnsentFile } from '@fechatter/client/outbox';
import { sizeText } from '../files/size-text.ts';
import { texts } from './texts.ts';

/** A file without a conversation; without its content it cannot be saved any more. */
export type KeptFile = Pick<UnsentFile, 'name' | 'size'> & { readonly content: UnsentFile['content'] };

export const keptFile = (file: File): KeptFile => ({ name: file.name, size: file.size, content: file });

/** The files of something that cannot be sent any more: each can be saved. */
export function KeptFiles({ files }: { readonly files: readonly KeptFile[] }) {
  return (
    <ul className="kept-files">
      {files.map(({ name, size, content }, at) => (
        <li key={at}>
          <span dir="auto">{name}</span> <small>{sizeText(size)}</small>
          {content === undefined ? (
            <small>{texts.fileGone}</small>
          ) : (
            <button type="button" aria-label={texts.saveFile(name)} onClick={() => save(name, content)}>
              {texts.save}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function save(name: string, content: NonNullable<KeptFile['content']>): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([new Uint8Array(content)]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
