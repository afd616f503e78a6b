import type { ChatRow, File as SentFile } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import '../style/files.css';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { usePages } from '../ui/use-pages.ts';
import { useFileUrl } from './file-urls.ts';
import { Card } from './message-files.tsx';
import { texts } from './texts.ts';
import { canBeViewed } from './viewer.tsx';
import { view } from './viewing.ts';

const kinds = ['image', 'video', 'audio', 'other'] as const;

/** The files of a conversation, the latest first. */
export function FileList({ chat, onClose }: { readonly chat: ChatRow; readonly onClose: () => void }) {
  const [kind, setKind] = useState<(typeof kinds)[number]>();
  const pages = usePages(async (cursor) => {
    const input = { chatId: chat.id, ...(kind && { kind }), ...(cursor !== undefined && { cursor }) };
    const { files, nextCursor } = await chatter.chat.files.query(input);
    return { rows: files.map(({ file }) => file), nextCursor };
  }, `${chat.id} ${kind}`);
  const open = (fileId: string) => view({ all: (pages.rows ?? []).filter(canBeViewed), fileId });
  return (
    <Dialog title={texts.filesIn(chat.name)} onClose={onClose}>
      <label className="field">
        <span>{texts.show}</span>
        <select value={kind ?? ''} onChange={({ target }) => setKind(kinds.find((name) => name === target.value))}>
          {Object.entries(texts.kinds).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <Problem text={pages.problem} />
      <ul className="rows file-rows">
        {pages.rows?.map((file) => (
          <li key={file.id}>
            {file.hasThumbnail && <Small file={file} onView={() => open(file.id)} />}
            <Card file={file} onView={canBeViewed(file) && !file.hasThumbnail ? () => open(file.id) : undefined} />
          </li>
        ))}
        <More pages={pages} />
      </ul>
      {pages.rows?.length === 0 && <p className="quiet">{texts.none}</p>}
    </Dialog>
  );
}

function Small({ file, onView }: { readonly file: SentFile; readonly onView: () => void }) {
  const { url, renew } = useFileUrl(file.id, true);
  return (
    <button type="button" className="picture small" aria-label={texts.showOf(file.name)} onClick={onView}>
      {url !== undefined && <img src={url} alt="" decoding="async" onError={renew} />}
    </button>
  );
}
