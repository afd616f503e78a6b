import { type KeyboardEvent, type ReactNode, type RefObject, useState } from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Popover } from './popover.tsx';

export interface MenuProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A menu of actions: arrow keys move in it, Escape closes it. */
export function Menu({ anchor, label, onClose, children }: MenuProps) {
  return (
    <Popover anchor={anchor} label={label} role="menu" className="menu" onClose={onClose} onKeyDown={move}>
      {children}
    </Popover>
  );
}

export interface MenuItemProps {
  readonly icon: IconName;
  /** The question before an action that cannot be undone: it is done at the second press. */
  readonly question?: string;
  readonly onChoose: () => void;
  readonly children: string;
}

/** An action of a menu; the menu closes when it is chosen. */
export function MenuItem({ icon, question, onChoose, children }: MenuItemProps) {
  const [isSure, setSure] = useState(question === undefined);
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={question === undefined ? '' : 'grave'}
      onBlur={() => setSure(question === undefined)}
      onClick={({ currentTarget }) => {
        if (!isSure) return setSure(true);
        currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
        onChoose();
        return undefined;
      }}
    >
      <Icon name={icon} /> {isSure ? (question ?? children) : children}
    </button>
  );
}

function move(event: KeyboardEvent<HTMLDivElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const at = items.findIndex((item) => item === document.activeElement);
  const next = nextOf(event.key, at, items.length);
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

/** Undefined for a key that does not move. */
function nextOf(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
