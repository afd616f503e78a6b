import '../style/files.css';
import { Icon } from '../ui/icon.tsx';
import { choose, type Chosen } from './chosen-files.ts';
import { Preview } from './preview.tsx';
import { sizeText } from './size-text.ts';
import { texts } from './texts.ts';

/** The files of the message that is being written. */
export function ChosenList({
  draftName,
  chosen: { files, asFile },
}: {
  readonly draftName: string;
  readonly chosen: Chosen;
}) {
  const hasPicture = files.some(({ type }) => type.startsWith('image/'));
  return (
    <section className="chosen" aria-label={texts.toSend}>
      <ul>
        {files.map((file, index) => (
          <li key={`${file.name}.${file.size}.${file.lastModified}.${index}`}>
            {file.type.startsWith('image/') ? <Preview content={file} /> : <Icon name="file" />}
            <p className="name">
              <span dir="auto" title={file.name}>
                {file.name}
              </span>
              <small>{sizeText(file.size)}</small>
            </p>
            <button
              type="button"
              className="icon"
              aria-label={texts.removeOf(file.name)}
              title={texts.remove}
              onClick={() => choose(draftName, { files: files.filter((_, other) => other !== index) })}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      {hasPicture && (
        <label className="choice">
          <input
            type="checkbox"
            checked={asFile}
            onChange={({ target }) => choose(draftName, { asFile: target.checked })}
          />
          {texts.unchanged}
        </label>
      )}
    </section>
  );
}
