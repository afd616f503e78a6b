/**
 * The parts of a file that have arrived and were not replaced, in order, as an SQL array: the ids of their objects, or
 * their numbers. `fileId` is an expression of the statement.
 */
export const storedParts = (column: 'id' | 'part', fileId: string): string => `array(
  select o.${column} from file_objects o
  where o.file_id = ${fileId} and o.stored_at is not null and o.doomed_at is null order by o.part)`;
