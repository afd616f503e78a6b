import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const ID = 'virtual:emoji-table';
/** Skin tones alone: parts of other emoji. */
const COMPONENTS = 2;
const TONES = 5;

interface Compact {
  readonly hexcode: string;
  readonly unicode: string;
  readonly label: string;
  readonly group?: number;
  readonly tags?: readonly string[];
  readonly skins?: readonly Pick<Compact, 'unicode'>[];
}

/** The module `virtual:emoji-table`: what the picker needs of emojibase's data, a half of it compressed. */
export function emojiTable(): Plugin {
  return {
    name: 'emoji-table',
    resolveId: (id) => (id === ID ? id : undefined),
    load: (id) => (id === ID ? `export default JSON.parse(${JSON.stringify(JSON.stringify(rows()))})` : undefined),
  };
}

function rows(): readonly (readonly unknown[])[] {
  const load = createRequire(import.meta.url);
  const all = load('emojibase-data/en/compact.json') as readonly Compact[];
  const names = load('emojibase-data/en/shortcodes/github.json') as Readonly<
    Record<string, string | readonly string[]>
  >;
  return all.flatMap(({ hexcode, unicode, label, group, tags = [], skins = [] }) => {
    if (group === undefined || group === COMPONENTS) return [];
    const known = [names[hexcode] ?? label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')].flat();
    // Of two people, the tones that both have.
    const tones = skins.slice(0, TONES).map((skin) => skin.unicode);
    return [[unicode, label, group, known, tags.join(' '), ...(tones.length > 0 ? [tones] : [])]];
  });
}
