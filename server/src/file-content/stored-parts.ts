const columns = {
  id: 'o.id',
  part: 'o.part',
  object: "jsonb_build_object('id', o.id, 'store', o.store)",
} as const;

/**
/**
 * The parts of a file that have arrived and were not replaced, in order, as an SQL array: the ids of their objects, their
 * numbers, or where their objects are, as JSON of a `StoredObject`. The thumbnail, part 0, is none of them. `fileId` is an
 * expression of the statement.
 */
export const storedParts = (what: keyof typeof columns, fileId: string): string => `array(
  select ${columns[what]} from file_objects o
  where o.file_id = ${fileId} and o.part > 0 and o.stored_at is not null and o.doomed_at is null order by o.part)`;

/** Where the thumbnail of a file is, in SQL, as JSON of a `StoredObject`; null if it has none. */
export const storedThumbnail = (fileId: string): string => `(
  select ${columns.object} from file_objects o
  where o.file_id = ${fileId} and o.part = 0 and o.stored_at is not null and o.doomed_at is null limit 1)`;
