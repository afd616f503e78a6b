import { isFechatterError } from '@fechatter/client';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Field, Form, Problem, wholeTextOf } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';

/** Downloads the person's data as a file of JSON Lines; some time after the sign-in it needs the password. */
export function ExportButton({ email }: { readonly email: string }) {
  const { run, isBusy, problem } = useCall();
  const [needsPassword, setNeedsPassword] = useState(false);
  const attempt = () =>
    exportAll().catch((error: unknown) => {
      if (!isFechatterError(error, 'reauthentication_needed')) throw error;
      setNeedsPassword(true);
    });
  const prove = async (fields: FormData) => {
    await chatter.auth.reauthenticate.mutate({ currentPassword: wholeTextOf(fields, 'current') });
    setNeedsPassword(false);
    await exportAll();
  };
  if (needsPassword)
    return (
      <Form submit="Export my data" onSubmit={prove}>
        <input type="hidden" name="username" autoComplete="username" value={email} />
        <Field
          label="Your password, for the export"
          name="current"
          type="password"
          autoComplete="current-password"
          required
        />
      </Form>
    );
  return (
    <div>
      <button type="button" aria-disabled={isBusy} onClick={() => run(attempt)}>
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
