import type { UnsentFile } from '@fechatter/client/outbox';
import { useEffect, useRef } from 'react';

const WIDTH_PX = 300;

/**
 * A picture that is on this device. It is drawn, because the page's policy forbids addresses of blobs; what the browser
 * cannot read stays empty.
 */
export function Preview({ content }: { readonly content: UnsentFile['content'] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (content === undefined) return undefined;
    let isWanted = true;
    const draw = async () => {
      const blob = content instanceof Blob ? content : new Blob([content]);
      const bitmap = await createImageBitmap(blob, { resizeWidth: WIDTH_PX, resizeQuality: 'medium' });
      if (isWanted && canvas.current !== null) {
        canvas.current.width = bitmap.width;
        canvas.current.height = bitmap.height;
        canvas.current.getContext('2d')?.drawImage(bitmap, 0, 0);
      }
      bitmap.close();
    };
    void draw().catch(() => {});
    return () => {
      isWanted = false;
    };
  }, [content]);
  return <canvas className="preview-picture" ref={canvas} width={1} height={1} aria-hidden="true" />;
}
