import { createFiles } from '@fechatter/client/files';
import { useStore } from '@fechatter/client/react';
import type { Store } from '@fechatter/client/store';
import { useEffect, useState } from 'react';
import { chatter } from '../chatter.ts';

const files = createFiles(chatter);

export interface FileUrl {
  /** Undefined until there is a ticket. */
  readonly url: string | undefined;
  /** Asks for another ticket: the one in it has expired while the page was open. */
  readonly renew: () => void;
}

/** The address of a file, or of its small picture. If it cannot be asked for, it is when the connection is back. */
export function useFileUrl(fileId: string, isThumbnail = false): FileUrl {
  const store = useStore();
  const [found, setFound] = useState(() => ({ fileId, url: files.knownUrlOf(fileId, { isThumbnail }) }));
  const [round, setRound] = useState(0);
  const url = found.fileId === fileId ? found.url : undefined;
  useEffect(() => {
    if (url !== undefined && round === 0) return undefined;
    let isWanted = true;
    let stop = () => {};
    const ask = () =>
      files.urlOf(fileId, { isThumbnail }).then(
        (asked) => isWanted && setFound({ fileId, url: asked }),
        () => {
          if (isWanted) stop = onceLive(store, () => void ask());
        },
      );
    void ask();
    return () => {
      isWanted = false;
      stop();
    };
  }, [fileId, isThumbnail, round]);
  // Once: a file that is gone stays so.
  return { url, renew: () => setRound(1) };
}

/** Calls back once the connection has changed and is live; returns what prevents that. */
function onceLive({ connection }: Store, work: () => void): () => void {
  const stop = connection.subscribe(() => {
    if (connection.getSnapshot().status !== 'live') return;
    stop();
    work();
  });
  return stop;
}

/** Downloads a file, as the browser does with links. */
export async function save(fileId: string, name: string): Promise<void> {
  const link = document.createElement('a');
  link.href = await files.urlOf(fileId);
  link.download = name;
  link.click();
}
