import type { UnsentFile } from '@fechatter/client/outbox';
import { useUnsent } from '@fechatter/client/react';
import '../style/files.css';
import { Icon } from '../ui/icon.tsx';
import { sentenceOfReason } from '../refusals/sentence-of.ts';
import { roomOfUnsent } from './file-place.tsx';
import { Preview } from './preview.tsx';
import { sizeText } from './size-text.ts';
import { texts } from './texts.ts';

/** The files of a message that waits: how far each has come, or why it was refused; each can be taken off. */
export function UnsentFiles({ clientId, files }: { readonly clientId: string; readonly files: readonly UnsentFile[] }) {
  const unsent = useUnsent();
  return (
    <ul className="files" data-many={files.length > 1}>
      {files.map((file) => (
        <li key={file.key} data-room={roomOfUnsent(file)} data-state={file.state}>
          {roomOfUnsent(file) === 'picture' ? (
            <Preview content={file.content} />
          ) : (
            <div className="card">
              <Icon name="file" />
              <p className="name">
                <span dir="auto" title={file.name}>
                  {file.name}
                </span>
                <small>{sizeText(file.size)}</small>
              </p>
            </div>
          )}
          <State file={file} />
          <button
            type="button"
            className="icon remove"
            aria-label={texts.removeOf(file.name)}
            title={texts.remove}
            onClick={() => unsent.removeFile(clientId, file.key)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function State({ file: { name, size, sentBytes, state, reason } }: { readonly file: UnsentFile }) {
  switch (state) {
    case 'waiting':
    case 'uploading':
      return (
        <progress
          aria-label={texts.uploading(name)}
          max={size}
          // Without a value it shows that something goes on.
          {...(sentBytes > 0 && { value: sentBytes })}
        />
      );
    case 'uploaded':
      return null;
    case 'failed':
      return <small className="problem">{reason ? sentenceOfReason(reason) : texts.refused}</small>;
    case 'lost':
      return <small className="problem">{texts.lost}</small>;
    default:
      return state satisfies never;
  }
}
