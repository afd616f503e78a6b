import { useEmoji } from '@fechatter/client/react';
import { useEffect, useState } from 'react';
import { urlOfFile } from './picture-url.ts';

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

/** One of the workspace's own; its name as it is written where there is none. */
export function CustomGlyph({ name, workspaceId }: { readonly name: string; readonly workspaceId: string }) {
  const fileId = useEmoji(workspaceId)?.get(name);
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (fileId === undefined) return setUrl(undefined);
    let isWanted = true;
    // Without its picture it is shown by its name.
    urlOfFile(fileId).then(
      (found) => isWanted && setUrl(found),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [fileId]);
  return url === undefined ? (
    <>{`:${name}:`}</>
  ) : (
    <img className="emoji" src={url} alt={`:${name}:`} title={`:${name}:`} draggable={false} />
  );
}
