import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';

export interface PopoverProps {
  /** The button that opened it: it is placed beside that. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly role: 'dialog' | 'menu';
  readonly className?: string;
  readonly onClose: () => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLDivElement>) => void;
  readonly children: ReactNode;
}

const GAP_PX = 6;
const MARGIN_PX = 8;
/** On a narrower screen it is a sheet at the bottom, which the style sheet places. */
const SHEET = '(max-width: 700px)';

/** The browser's own popover: it closes by Escape and by a click elsewhere, and gives the focus back. */
export function Popover({ anchor, label, role, className = '', onClose, onKeyDown, children }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current: box } = ref;
    if (box === null) return undefined;
    box.showPopover();
    box.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true });
    const place = () => anchor.current !== null && placeBeside(box, anchor.current);
    const observer = new ResizeObserver(place);
    observer.observe(box);
    addEventListener('resize', place);
    return () => {
      observer.disconnect();
      removeEventListener('resize', place);
    };
  }, []);
  return (
    <div
      ref={ref}
      popover="auto"
      role={role}
      aria-label={label}
      className={`popover ${className}`}
      onKeyDown={onKeyDown}
      onToggle={(event) => {
        if (event.newState === 'closed') onClose();
      }}
    >
      {children}
    </div>
  );
}

/** Below the anchor, its end at the anchor's; above it where there is more room; never off the screen. */
function placeBeside(box: HTMLElement, anchor: HTMLElement): void {
  if (matchMedia(SHEET).matches) {
    box.style.removeProperty('left');
    box.style.removeProperty('top');
    return;
  }
  const { left, right, top, bottom } = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const isRightToLeft = getComputedStyle(anchor).direction === 'rtl';
  const below = innerHeight - bottom - GAP_PX - MARGIN_PX;
  const isBelow = below >= height || below >= top;
  const wantedTop = isBelow ? bottom + GAP_PX : top - GAP_PX - height;
  const wantedLeft = isRightToLeft ? left : right - width;
  box.style.top = `${Math.max(MARGIN_PX, Math.min(wantedTop, innerHeight - height - MARGIN_PX))}px`;
  box.style.left = `${Math.max(MARGIN_PX, Math.min(wantedLeft, innerWidth - width - MARGIN_PX))}px`;
}
