import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 500;

/** Prints each new mail in the folder with its link, until `signal` aborts. */
export async function printMailLinks(
  folder: string,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set(await mailsIn(folder));
  while (!signal.aborted) {
    await wait(POLL_MS, undefined, { signal, ref: false }).catch(() => {});
    const files = await mailsIn(folder);
    for (const file of files.filter((one) => !known.has(one))) {
      known.add(file);
      const mail = await readFile(join(folder, file), 'utf8').catch(() => '');
      print(lineOf(mail, file));
    }
  }
}

const mailsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.eml')).sort();

function lineOf(mail: string, file: string): string {
  const [, to = 'an unknown address'] = /^To: (.+)$/m.exec(mail) ?? [];
  const [link] = /^https?:\/\/\S+$/m.exec(mail) ?? [];
  return `mail to ${to}: ${link ?? file}`;
}
