import type { SystemLine } from '@fechatter/client/store';
import { memo } from 'react';
import { usePlace } from '../chat/place.ts';
import { usePeople } from '../people/people.ts';
import { sentenceOfLine } from './sentence.ts';

/** What happened in the conversation, between two messages. */
export const SystemRow = memo(function SystemRow({ line }: { readonly line: SystemLine }) {
  const people = usePeople(usePlace().workspaceId);
  return (
    <p className="system quiet" dir="auto">
      {sentenceOfLine(line, (id) => people.get(id)?.name)}
    </p>
  );
});
