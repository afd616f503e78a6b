import { useEmoji } from '@fechatter/client/react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { noteUse, setTone, useChosen } from './chosen.ts';
import { choiceOf, customChoice, type EmojiChoice, type EmojiRow, tonedOf } from './emoji-row.ts';
import { findEmoji } from './find-emoji.ts';
import { Glyph } from './glyph.tsx';
import { moveInGrid } from './move-in-grid.ts';
import { texts } from './texts.ts';
import { useEmojiTable } from './use-emoji-table.ts';

const FOUND_MAX = 120;

export interface EmojiPickerProps {
  readonly workspaceId: string;
  readonly onPick: (emoji: string) => void;
}

/** All emoji, with a search; arrow keys move between them, Enter picks. */
export function EmojiPicker({ workspaceId, onPick }: EmojiPickerProps) {
  const [query, setQuery] = useState('');
  const { tone } = useChosen();
  const rows = useEmojiTable();
  const custom = useEmoji(workspaceId);
  const box = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  // Where a keyboard would cover the emoji, it waits for a touch.
  useEffect(() => void (matchMedia('(hover: hover)').matches && search.current?.focus()), []);
  const found = useMemo(
    () => findEmoji(query, { rows: rows ?? [], custom: custom?.keys() ?? [], tone, max: FOUND_MAX }),
    [query, rows, custom, tone],
  );
  const pick = (emoji: string) => {
    noteUse(emoji);
    onPick(emoji);
  };
  const first = () => box.current?.querySelector<HTMLElement>('[data-emoji]');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') first()?.focus();
    else if (event.key === 'Enter' && query.trim() !== '') first()?.click();
    else return;
    event.preventDefault();
  };
  return (
    <div className="emoji-picker">
      <div className="picker-head">
        <input
          ref={search}
          type="search"
          aria-label={texts.search}
          placeholder={texts.search}
          value={query}
          onChange={({ target }) => setQuery(target.value)}
          onKeyDown={onKeyDown}
        />
        <ToneChoice />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the keys move between the buttons in it */}
      <div className="picker-body" ref={box} onKeyDown={(event) => moveInGrid(event, event.currentTarget)}>
        {rows === undefined ? (
          <p className="quiet">{texts.loading}</p>
        ) : query.trim() === '' ? (
          <Sections rows={rows} custom={custom?.keys() ?? []} workspaceId={workspaceId} onPick={pick} />
        ) : found.length === 0 ? (
          <p className="quiet" role="status">
            {texts.nothing}
          </p>
        ) : (
          <Grid choices={found} workspaceId={workspaceId} onPick={pick} />
        )}
      </div>
    </div>
  );
}

interface SectionsProps extends EmojiPickerProps {
  readonly rows: readonly EmojiRow[];
  readonly custom: Iterable<string>;
}

function Sections({ rows, custom, workspaceId, onPick }: SectionsProps) {
  const { recent, tone } = useChosen();
  // Two thousand buttons at once would make the picker wait: a group at a time is added.
  const [groups, setGroups] = useState(1);
  useEffect(() => {
    if (groups >= texts.groups.length) return undefined;
    const timer = setTimeout(() => setGroups(groups + 1));
    return () => clearTimeout(timer);
  }, [groups]);
  const known = useMemo(() => labelsOf(rows), [rows]);
  const last = recent.map((emoji) => ({ emoji, name: emoji, label: known.get(emoji) ?? emoji.replaceAll(':', '') }));
  const own = [...custom].map(customChoice);
  const sections: readonly (readonly [title: string, choices: readonly EmojiChoice[]])[] = [
    [texts.recent, last],
    [texts.custom, own],
    ...texts.groups
      .slice(0, groups)
      .map(
        (title, group) => [title, rows.filter((row) => row[2] === group).map((row) => choiceOf(row, tone))] as const,
      ),
  ];
  return sections.map(
    ([title, choices]) =>
      choices.length > 0 && (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <Grid choices={choices} workspaceId={workspaceId} onPick={onPick} />
        </section>
      ),
  );
}

interface GridProps extends EmojiPickerProps {
  readonly choices: readonly EmojiChoice[];
}

function Grid({ choices, workspaceId, onPick }: GridProps): ReactNode {
  return (
    <div className="emoji-grid">
      {choices.map(({ emoji, label }) => (
        <button
          key={emoji}
          type="button"
          tabIndex={-1}
          data-emoji={emoji}
          aria-label={label}
          title={label}
          onClick={() => onPick(emoji)}
        >
          <Glyph emoji={emoji} workspaceId={workspaceId} />
        </button>
      ))}
    </div>
  );
}

function ToneChoice() {
  const { tone } = useChosen();
  return (
    <select
      aria-label={texts.tone}
      title={texts.tone}
      value={tone}
      onChange={({ target }) => setTone(Number(target.value))}
    >
      {texts.tones.map((name, at) => (
        <option key={name} value={at} aria-label={name}>
          {['✋', '✋🏻', '✋🏼', '✋🏽', '✋🏾', '✋🏿'][at]}
        </option>
      ))}
    </select>
  );
}

/** The label of each emoji in each tone. */
function labelsOf(rows: readonly EmojiRow[]): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap((row) => [0, ...(row[5]?.keys() ?? []), 5].map((tone) => [tonedOf(row, tone), row[1]] as const)),
  );
}
