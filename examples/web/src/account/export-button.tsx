import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';

/** Everything that the service has of oneself, as a file of JSON Lines. */
export function ExportButton() {
  const { run, isBusy, problem } = useCall();
  return (
    <div>
      <button type="button" aria-disabled={isBusy} onClick={() => run(exportAll)}>
        {isBusy ? 'Reading…' : 'Export my data'}
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
