import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { useProof } from '../account/use-proof.tsx';
import { texts } from './texts.ts';

interface ExportPage {
  readonly lines: readonly unknown[];
  readonly nextCursor: string | null;
}

export interface ExportButtonProps {
  readonly label: string;
  readonly fileName: string;
  readonly read: (cursor: string | undefined) => Promise<ExportPage>;
  readonly email: string;
}

/** Downloads an export as a file of JSON Lines; some time after the sign-in it needs a proof. */
export function ExportButton({ label, fileName, read, email }: ExportButtonProps) {
  const { run, isBusy, problem } = useCall();
  const { proved, form } = useProof(email);
  if (form !== undefined) return form;
  return (
    <div>
      <button type="button" aria-disabled={isBusy} onClick={() => run(() => proved(() => download(fileName, read)))}>
        {isBusy ? texts.reading : label}
      </button>
      <Problem text={problem} />
    </div>
  );
}

async function download(fileName: string, read: ExportButtonProps['read']): Promise<void> {
  const parts: string[] = [];
  let cursor: string | undefined;
  do {
    const { lines, nextCursor } = await read(cursor);
    parts.push(...lines.map((line) => `${JSON.stringify(line)}\n`));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  const href = URL.createObjectURL(new Blob(parts, { type: 'application/jsonl' }));
  Object.assign(document.createElement('a'), { href, download: fileName }).click();
  URL.revokeObjectURL(href);
}
