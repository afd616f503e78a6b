import { useEmoji } from '@fechatter/client/react';
import { useEffect, useState } from 'react';
import { knownUrlOfFile, urlOfFile } from './picture-url.ts';

const CUSTOM = /^:([a-z0-9_]{2,32}):$/;

export interface GlyphProps {
  /** A Unicode emoji, or `:name:` of one of the workspace's own. */
  readonly emoji: string;
  readonly workspaceId: string;
}

/** An emoji as it looks: a character, or the workspace's picture. */
export function Glyph({ emoji, workspaceId }: GlyphProps) {
  const name = CUSTOM.exec(emoji)?.[1];
  return name === undefined ? (
    <span className="emoji">{emoji}</span>
  ) : (
    <CustomGlyph name={name} workspaceId={workspaceId} />
  );
}

/** One of the workspace's own; its name as it is written where there is none. Its room is kept until that is known. */
export function CustomGlyph({ name, workspaceId }: { readonly name: string; readonly workspaceId: string }) {
  const all = useEmoji(workspaceId);
  const fileId = all?.get(name);
  const { url, isLost } = usePictureUrl(fileId);
  const written = `:${name}:`;
  if (isLost || (all !== undefined && fileId === undefined)) return <span className="emoji-name">{written}</span>;
  return url === undefined ? (
    <span className="emoji-room" role="img" aria-label={written} />
  ) : (
    <img className="emoji" src={url} alt={written} title={written} draggable={false} />
  );
}

/** The address of a picture, at once if it is known. `isLost`: it cannot be asked for. */
function usePictureUrl(fileId: string | undefined): { readonly url: string | undefined; readonly isLost: boolean } {
  const [found, setFound] = useState<{ readonly fileId: string; readonly url: string | undefined }>();
  const known = fileId === undefined ? undefined : knownUrlOfFile(fileId);
  useEffect(() => {
    if (fileId === undefined || known !== undefined) return undefined;
    let isWanted = true;
    const set = (url: string | undefined) => isWanted && setFound({ fileId, url });
    urlOfFile(fileId).then(set, () => set(undefined));
    return () => {
      isWanted = false;
    };
  }, [fileId]);
  if (found !== undefined && found.fileId === fileId) return { url: found.url, isLost: found.url === undefined };
  return { url: known, isLost: false };
}
