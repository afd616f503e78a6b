/** Where a shortcut works: everywhere, outside of text fields, on the message that has the focus, or in an empty message. */
export type ShortcutPlace = 'everywhere' | 'outside' | 'message' | 'empty';

export interface Shortcut {
  readonly place: ShortcutPlace;
  /** `Mod` is the command key on Apple's systems, and Control elsewhere. Any of them works. */
  readonly keys: readonly string[];
}

/** All shortcuts. The list shows them and the handlers are found by them, so that the two cannot differ. */
export const shortcuts = {
  switcher: { place: 'everywhere', keys: ['Mod+K'] },
  search: { place: 'everywhere', keys: ['Mod+F', '/'] },
  previous: { place: 'everywhere', keys: ['Alt+ArrowUp'] },
  next: { place: 'everywhere', keys: ['Alt+ArrowDown'] },
  previousUnread: { place: 'everywhere', keys: ['Alt+Shift+ArrowUp'] },
  nextUnread: { place: 'everywhere', keys: ['Alt+Shift+ArrowDown'] },
  close: { place: 'everywhere', keys: ['Escape'] },
  markAllRead: { place: 'everywhere', keys: ['Shift+Escape'] },
  shortcuts: { place: 'outside', keys: ['?'] },
  edit: { place: 'message', keys: ['E'] },
  react: { place: 'message', keys: ['R'] },
  thread: { place: 'message', keys: ['T'] },
  editLast: { place: 'empty', keys: ['ArrowUp'] },
} as const satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof shortcuts;
export const shortcutNames = Object.keys(shortcuts) as ShortcutName[];

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** A key event, of the page or of React. */
export type KeyPressed = Pick<globalThis.KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The key of a shortcut that was pressed; undefined if it was none of them. */
export const pressedKey = (event: KeyPressed, name: ShortcutName): string | undefined =>
  shortcuts[name].keys.find((key) => matches(event, key));

/** One key that writes a character: it works outside of text fields only, and can be switched off (WCAG 2.1.4). */
export const isSingle = (key: string): boolean => key.length === 1;

/** The parts of a shortcut's key as they are named on this system. */
export const partsOf = (key: string): readonly string[] =>
  key.split('+').map((part) => (part === 'Mod' ? (isApple ? 'Meta' : 'Control') : part));

/** For `aria-keyshortcuts`. */
export const ariaKeys = (name: ShortcutName): string =>
  shortcuts[name].keys.map((key) => partsOf(key).join('+')).join(' ');

function matches({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyPressed, wanted: string): boolean {
  const parts = partsOf(wanted);
  const last = parts.at(-1) ?? '';
  const has = (part: string) => parts.includes(part);
  if (ctrlKey !== has('Control') || metaKey !== has('Meta')) return false;
  // Which signs need Shift or Alt is a matter of the keyboard.
  if (isSingle(wanted) && !isLetter(wanted)) return key === wanted;
  if (altKey !== has('Alt') || shiftKey !== has('Shift')) return false;
  // On a keyboard without Latin letters, the key in its place counts.
  return isLetter(last) ? (isLetter(key) ? key.toUpperCase() === last : code === `Key${last}`) : key === last;
}

const isLetter = (key: string): boolean => /^[A-Za-z]$/.test(key);
