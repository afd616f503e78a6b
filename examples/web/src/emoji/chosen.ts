import { useSyncExternalStore } from 'react';
import { chatter } from '../chatter.ts';

/** The emoji that a person used last, and their skin tone: kept on this device. */
interface Chosen {
  /** The latest first. */
  readonly recent: readonly string[];
  /** 1 to 5, from light to dark; 0: none. */
  readonly tone: number;
}

const RECENT_MAX = 24;
const TONES = 5;
const NONE: Chosen = { recent: [], tone: 0 };
const listeners = new Set<() => void>();
let known: { readonly key: string; readonly text: string | null; readonly chosen: Chosen } | undefined;

const keyOf = () => `fechatter.emoji.${chatter.session?.id ?? ''}`;

/** What this person has chosen. */
export const useChosen = (): Chosen => useSyncExternalStore(subscribe, chosen);

export const noteUse = (emoji: string): void => {
  const { recent, tone } = chosen();
  keep({ recent: [emoji, ...recent.filter((one) => one !== emoji)].slice(0, RECENT_MAX), tone });
};

export const setTone = (tone: number): void => keep({ ...chosen(), tone });

function chosen(): Chosen {
  const key = keyOf();
  const text = attempt(() => localStorage.getItem(key));
  if (text === undefined) return known?.key === key ? known.chosen : NONE;
  if (known?.key !== key || known.text !== text) known = { key, text, chosen: parsed(text) };
  return known.chosen;
}

function keep(next: Chosen): void {
  const [key, text] = [keyOf(), JSON.stringify(next)];
  // A full or blocked storage forgets them with the page.
  attempt(() => localStorage.setItem(key, text));
  known = { key, text, chosen: next };
  for (const listener of listeners) listener();
}

function parsed(text: string | null): Chosen {
  const read = attempt((): unknown => JSON.parse(text ?? 'null'));
  if (typeof read !== 'object' || read === null) return NONE;
  const { recent, tone } = read as Partial<Record<keyof Chosen, unknown>>;
  return {
    recent: Array.isArray(recent) ? recent.filter((one) => typeof one === 'string').slice(0, RECENT_MAX) : [],
    tone: typeof tone === 'number' && tone >= 0 && tone <= TONES ? Math.trunc(tone) : 0,
  };
}

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  return () => listeners.delete(onChange);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
