import { useEffect, useRef } from 'react';
import { texts } from './texts.ts';
import type { Pages } from './use-pages.ts';

/** The end of a list that has more: the next page is loaded on scrolling there, or by pressing the button. */
export function More({ pages: { more, rows } }: { readonly pages: Pages<unknown> }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (button.current === null) return undefined;
    const observer = new IntersectionObserver(([seen]) => seen?.isIntersecting === true && button.current?.click());
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [rows]);
  return more === undefined ? null : (
    <button type="button" className="more" ref={button} onClick={more}>
      {texts.showMore}
    </button>
  );
}
