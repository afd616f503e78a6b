import type { File as SentFile } from '@fechatter/client';
import { useStore } from '@fechatter/client/react';
import '../style/files.css';
import { Problem } from '../ui/form.tsx';
import { Icon } from '../ui/icon.tsx';
import { useCall } from '../ui/use-call.ts';
import { roomOf } from './file-place.tsx';
import { save, useFileUrl } from './file-urls.ts';
import { sizeText } from './size-text.ts';
import { texts } from './texts.ts';
import { canBeViewed } from './viewer.tsx';
import { view } from './viewing.ts';

/** The files of a message: pictures in a place of a fixed size, everything else as cards. */
export function MessageFiles({ chatId, files }: { readonly chatId: string; readonly files: readonly SentFile[] }) {
  const store = useStore();
  const open = (fileId: string) => {
    const { entries } = store.messages(chatId).getSnapshot();
    const loaded = entries.flatMap(({ message }) => message?.files ?? []).filter(canBeViewed);
    const isLoaded = loaded.some(({ id }) => id === fileId);
    view({ all: isLoaded ? loaded : files.filter(canBeViewed), fileId });
  };
  return (
    <ul className="files" data-many={files.length > 1}>
      {files.map((file) => (
        <li key={file.id} data-room={roomOf(file)}>
          {roomOf(file) === 'picture' ? (
            <Picture file={file} onView={() => open(file.id)} />
          ) : (
            <Card file={file} onView={canBeViewed(file) ? () => open(file.id) : undefined} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Picture({ file, onView }: { readonly file: SentFile; readonly onView: () => void }) {
  const { url, renew } = useFileUrl(file.id, true);
  if (!file.hasThumbnail)
    return (
      <p className="blank quiet">
        <Icon name="clock" /> <span dir="auto">{file.name}</span>
      </p>
    );
  return (
    <button type="button" className="picture" aria-label={texts.showOf(file.name)} title={file.name} onClick={onView}>
      {url !== undefined && (
        <img
          src={url}
          alt=""
          decoding="async"
          draggable={false}
          width={file.width ?? undefined}
          height={file.height ?? undefined}
          onError={renew}
        />
      )}
    </button>
  );
}

interface CardProps {
  readonly file: SentFile;
  /** Undefined: it can only be downloaded. */
  readonly onView: (() => void) | undefined;
}

/** A file as a line: its name, its size, and what can be done with it. */
export function Card({ file: { id, name, size, state }, onView }: CardProps) {
  const { run, problem } = useCall();
  return (
    <div className="card">
      <Icon name="file" />
      <p className="name">
        <span dir="auto" title={name}>
          {name}
        </span>
        <small>{texts.states[state] ?? sizeText(size)}</small>
        <Problem text={problem} />
      </p>
      {onView !== undefined && (
        <button type="button" className="icon" aria-label={texts.playOf(name)} title={texts.play} onClick={onView}>
          <Icon name="play" />
        </button>
      )}
      {state === 'Ready' && (
        <button
          type="button"
          className="icon"
          aria-label={texts.downloadOf(name)}
          title={texts.download}
          onClick={() => run(() => save(id, name))}
        >
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
