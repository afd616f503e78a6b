import { limits, partSizeOf } from '@fechatter/contract';
import { createFolderStore, sealedSize } from '@fechatter/file-store';
import { statfs } from 'node:fs/promises';
import { type Check, type Finding, ok, type Patient, problem, warning } from './finding.ts';

const LOOKED_AT = 20;
const LEAST_FREE = 0.1;

/** Checks whether the newest files are where this machine looks for them, and whether there is room for more. */
export const checkFiles: Check = async (patient) => [await content(patient), ...(await room(patient))];

async function content({ db, config }: Patient): Promise<Finding> {
  const { rows } = await db.query<{ id: string; part: number; size_bytes: number }>(
    `select o.id, o.part, f.size_bytes from file_objects o join files f on f.id = o.file_id and f.state <> 'Gone'
     where o.stored_at is not null and o.doomed_at is null order by o.id desc limit $1`,
    [LOOKED_AT],
  );
  if (rows.length === 0) return ok('files', 'none has been uploaded yet');
  const { folder } = config.files;
  const store = createFolderStore(folder);
  let missing = 0;
  for (const { id, part, size_bytes: sizeBytes } of rows)
    if ((await store.sizeOf(id)) !== sealedSize(partSizeOf(sizeBytes, part))) missing += 1;
  if (missing === 0)
    return ok('files', `the newest ${rows.length} parts of at most ${limits.filePartBytes} bytes are in ${folder}`);
  return problem(
    'files',
    `${missing} of the newest ${rows.length} parts are not, or not whole, in ${folder}`,
    'Give all servers and workers the same files.folder: a volume that each of them mounts. Or restore it from the backup.',
  );
}

/** Nothing on a machine where there is no such folder. */
async function room({ config }: Patient): Promise<Finding[]> {
  const { folder } = config.files;
  const found = await statfs(folder).catch(() => undefined);
  if (found === undefined) return [];
  const free = found.bavail / found.blocks;
  const percent = `${Math.round(free * 100)} % of the disk of ${folder} are free`;
  if (free > LEAST_FREE) return [ok('room for files', percent)];
  return [
    warning('room for files', percent, 'Make it larger, or lower files.workspaceMaxBytes: full, it takes no file.'),
  ];
}
