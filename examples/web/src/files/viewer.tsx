import type { File as SentFile } from '@fechatter/client';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import '../style/files.css';
import { Icon } from '../ui/icon.tsx';
import { save, useFileUrl } from './file-urls.ts';
import { texts } from './texts.ts';
import type { Viewed } from './viewing.ts';

/** What a browser shows or plays; the service decides on the type by the first bytes. */
export const canBeViewed = ({ state, mime, hasThumbnail }: SentFile): boolean =>
  state === 'Ready' && (hasThumbnail || /^(audio|video)\//.test(mime));

export interface ViewerProps {
  readonly viewed: Viewed;
  readonly onClose: () => void;
}

/** Shows files one at a time; the arrow keys go on, Escape closes it, and the focus returns to where it was. */
export function Viewer({ viewed: { all, fileId }, onClose }: ViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [index, setIndex] = useState(() =>
    Math.max(
      0,
      all.findIndex((file) => file.id === fileId),
    ),
  );
  useEffect(() => dialog.current?.showModal(), []);
  const file = all[index];
  if (file === undefined) return null;
  const go = (by: number) => setIndex((before) => Math.min(all.length - 1, Math.max(0, before + by)));

  function onKeyDown({ key, target }: KeyboardEvent): void {
    // There the arrows move within the sound or the film.
    if (target instanceof HTMLMediaElement) return;
    if (key === 'ArrowLeft') go(-1);
    if (key === 'ArrowRight') go(1);
  }

  return (
    <dialog ref={dialog} className="viewer" aria-labelledby={id} onClose={onClose} onKeyDown={onKeyDown}>
      <header>
        <h2 id={id} dir="auto">
          {file.name}
        </h2>
        {all.length > 1 && (
          <span className="quiet" role="status">
            {texts.place({ index: index + 1, count: all.length })}
          </span>
        )}
        <button
          type="button"
          className="icon"
          aria-label={texts.downloadOf(file.name)}
          title={texts.download}
          onClick={() => void save(file.id, file.name).catch(() => {})}
        >
          <Icon name="down" />
        </button>
        <button type="button" className="icon" aria-label={texts.close} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <div className="stage">
        <Content key={file.id} file={file} />
      </div>
      {all.length > 1 && (
        <footer>
          <button type="button" disabled={index === 0} onClick={() => go(-1)}>
            {texts.previous}
          </button>
          <button type="button" disabled={index === all.length - 1} onClick={() => go(1)}>
            {texts.next}
          </button>
        </footer>
      )}
    </dialog>
  );
}

function Content({ file }: { readonly file: SentFile }) {
  const { url, renew } = useFileUrl(file.id);
  const [failures, setFailures] = useState(0);
  /** Where a film or a sound goes on when its ticket had to be renewed. */
  const at = useRef(0);
  const onError = () => {
    setFailures((before) => before + 1);
    renew();
  };
  if (failures > 1) return <p role="alert">{texts.cannotShow}</p>;
  if (url === undefined) return <p className="quiet late">{texts.loading}</p>;
  if (file.hasThumbnail)
    return (
      <img
        src={url}
        alt={file.name}
        width={file.width ?? undefined}
        height={file.height ?? undefined}
        onError={onError}
      />
    );
  const media = {
    src: url,
    controls: true,
    autoPlay: true,
    'aria-label': file.name,
    onError,
    onTimeUpdate: ({ currentTarget }: { readonly currentTarget: HTMLMediaElement }) => {
      at.current = currentTarget.currentTime;
    },
    onLoadedMetadata: ({ currentTarget }: { readonly currentTarget: HTMLMediaElement }) => {
      if (at.current > 0) currentTarget.currentTime = at.current;
    },
  };
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send has none
  return file.mime.startsWith('video/') ? <video {...media} playsInline /> : <audio {...media} />;
}
