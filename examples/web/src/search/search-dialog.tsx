import type { Workspace } from '@fechatter/client';
import { useChats } from '@fechatter/client/react';
import { type SearchInput, useSearch } from '@fechatter/client/react';
import { type FormEvent, useEffect, useState } from 'react';
import { chatter } from '../chatter.ts';
import { dateOf } from '../texts/when.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Problem } from '../ui/form.tsx';
import { sentenceOf } from '../refusals/sentence-of.ts';
import { useWorkspaceMembers } from '../workspace/use-workspace-members.ts';
import { Hit } from './hit.tsx';
import { texts } from './texts.ts';

/** A search is made after this time without typing, because each one counts. */
const TYPED_MS = 300;
const MATTERS_FROM_CHARS = 2;

export interface SearchDialogProps {
  readonly workspace: Workspace;
  /** The open conversation, to which a search can be restricted. */
  readonly chatId: string | undefined;
  readonly onClose: () => void;
}

/** Searches messages of a workspace, and links to them. */
export function SearchDialog({ workspace: { id: workspaceId }, chatId, onClose }: SearchDialogProps) {
  const [query, setQuery] = useState('');
  const [filters, setFilters] = useState<Filters>({});
  const asked = useSettled(inputOf(workspaceId, query, filters));
  const { hits, isSearching, hasMore, error, loadMore, searchedBackTo } = useSearch(chatter, asked);
  const chats = new Map(useChats(workspaceId).map((chat) => [chat.id, chat]));
  const status = asked === undefined ? '' : isSearching ? texts.searching : statusOf(hits.length, hasMore);
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <Field
        label={texts.searchFor}
        type="search"
        data-first
        value={query}
        onChange={({ target }) => setQuery(target.value)}
      />
      <FilterFields filters={filters} onChange={setFilters} workspaceId={workspaceId} chatId={chatId} />
      <Problem text={error === undefined ? undefined : sentenceOf(error)} />
      <p className="quiet" role="status">
        {status}
      </p>
      <ol className="hits" aria-label={texts.found}>
        {hits.map((hit) => (
          <Hit
            key={hit.message.id}
            hit={hit}
            chat={chats.get(hit.message.chatId)}
            workspaceId={workspaceId}
            onOpen={onClose}
          />
        ))}
      </ol>
      {(hasMore || error !== undefined) && hits.length > 0 && (
        <button type="button" onClick={loadMore} aria-disabled={isSearching}>
          {searchedBackTo === null ? texts.lookFurther : texts.lookBefore(dateOf(searchedBackTo))}
        </button>
      )}
    </Dialog>
  );
}

interface Filters {
  readonly chatId?: string | undefined;
  readonly from?: string | undefined;
  readonly hasLink?: boolean;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

function FilterFields({
  filters,
  onChange,
  workspaceId,
  chatId,
}: {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
  readonly workspaceId: string;
  readonly chatId: string | undefined;
}) {
  const members = useWorkspaceMembers(workspaceId);
  const set = (more: Filters) => onChange({ ...filters, ...more });
  const day = (name: 'after' | 'before') => (event: FormEvent<HTMLInputElement>) =>
    set({ [name]: event.currentTarget.value || undefined });
  return (
    <details className="filters">
      <summary>{texts.filters}</summary>
      <label>
        {texts.from}
        <select value={filters.from ?? ''} onChange={({ target }) => set({ from: target.value || undefined })}>
          <option value="">{texts.anyone}</option>
          {members?.map(({ user }) => (
            <option key={user.id} value={user.id}>
              {user.name}
            </option>
          ))}
        </select>
      </label>
      {chatId !== undefined && (
        <label className="check">
          <input
            type="checkbox"
            checked={filters.chatId !== undefined}
            onChange={({ target }) => set({ chatId: target.checked ? chatId : undefined })}
          />
          {texts.onlyHere}
        </label>
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={filters.hasLink === true}
          onChange={({ target }) => set({ hasLink: target.checked })}
        />
        {texts.withLink}
      </label>
      <Field label={texts.since} type="date" value={filters.after ?? ''} onChange={day('after')} />
      <Field label={texts.before} type="date" value={filters.before ?? ''} onChange={day('before')} />
    </details>
  );
}

/** Undefined while there is nothing to search for. */
function inputOf(
  workspaceId: string,
  typed: string,
  { chatId, from, hasLink, after, before }: Filters,
): SearchInput | undefined {
  const query = typed.trim();
  if (query.length < MATTERS_FROM_CHARS && from === undefined && hasLink !== true) return undefined;
  return {
    workspaceId,
    limit: 20,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(query !== '' && { query }),
    ...(chatId !== undefined && { chatIds: [chatId] }),
    ...(from !== undefined && { from: [from] }),
    ...(hasLink === true && { has: ['link' as const] }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  };
}

/** The input as it was when it had not changed for a moment. */
function useSettled(input: SearchInput | undefined): SearchInput | undefined {
  const [settled, setSettled] = useState(input);
  const key = JSON.stringify(input);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(input), TYPED_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

function statusOf(count: number, hasMore: boolean): string {
  if (count === 0) return hasMore ? texts.nothingYet : texts.nothing;
  return texts.count({ count, hasMore });
}
