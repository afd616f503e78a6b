import type { KeyboardEvent } from 'react';

/** Buttons in the same row are at most this far apart in height. */
const SLACK_PX = 4;

/** Moves the focus between the emoji in `box` by arrow keys: left and right along all, up and down by rows as they are laid out. */
export function moveInGrid(event: KeyboardEvent, box: HTMLElement): void {
  const buttons = [...box.querySelectorAll<HTMLElement>('[data-emoji]')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  if (at === -1) return;
  const next = nextOf(event.key, buttons, at);
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function nextOf(key: string, buttons: readonly HTMLElement[], at: number): HTMLElement | undefined {
  switch (key) {
    case 'ArrowRight':
      return buttons[at + 1];
    case 'ArrowLeft':
      return buttons[at - 1];
    case 'ArrowDown':
      return inRow(buttons.slice(at), 1);
    case 'ArrowUp':
      return inRow(buttons.slice(0, at + 1).toReversed(), -1);
    case 'Home':
      return buttons[0];
    case 'End':
      return buttons.at(-1);
    default:
      return undefined;
  }
}

/** Of `buttons` in this order, the nearest one in the row after that of the first. */
function inRow(buttons: readonly HTMLElement[], direction: 1 | -1): HTMLElement | undefined {
  const from = buttons[0]?.getBoundingClientRect();
  if (from === undefined) return undefined;
  let rowTop: number | undefined;
  let best: { readonly button: HTMLElement; readonly distance: number } | undefined;
  for (const button of buttons) {
    const { left, top } = button.getBoundingClientRect();
    if ((top - from.top) * direction <= SLACK_PX) continue;
    rowTop ??= top;
    if (Math.abs(top - rowTop) > SLACK_PX) break;
    const distance = Math.abs(left - from.left);
    if (best === undefined || distance < best.distance) best = { button, distance };
  }
  return best?.button;
}
