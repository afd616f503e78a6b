import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';
import { useProof } from './use-proof.tsx';

/** Downloads the person's data as a file of JSON Lines; some time after the sign-in it needs a proof. */
export function ExportButton({ email }: { readonly email: string }) {
  const { run, isBusy, problem } = useCall();
  const { proved, form } = useProof(email);
  if (form !== undefined) return form;
  return (
    <div>
      <button type="button" aria-disabled={isBusy} onClick={() => run(() => proved(exportAll))}>
        {isBusy ? texts.reading : texts.exportMine}
      </button>
      <Problem text={problem} />
    </div>
  );
}

async function exportAll(): Promise<void> {
  const parts: string[] = [];
  let cursor: string | undefined;
  do {
    const { lines, nextCursor } = await chatter.user.export.query({ cursor, limit: 100 });
    parts.push(...lines.map((line) => `${JSON.stringify(line)}\n`));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  const href = URL.createObjectURL(new Blob(parts, { type: 'application/jsonl' }));
  Object.assign(document.createElement('a'), { href, download: 'my-fechatter-data.jsonl' }).click();
  URL.revokeObjectURL(href);
}
