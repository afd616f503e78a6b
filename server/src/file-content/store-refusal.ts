import { StoreError, WrongSizeError } from '@fechatter/file-store';
import { refuse } from '@fechatter/service-kit';

/** The sender's connection broke while a body was read. */
export class BodyBrokeOff extends Error {
  override readonly name = 'BodyBrokeOff';
}

/** What a caller is told where content cannot be stored or read; what is neither their fault nor the store's stays. */
export function storeRefusal(cause: unknown): unknown {
  if (cause instanceof WrongSizeError) return refuse('part_size_wrong', { cause });
  if (cause instanceof StoreError) return refuse('files_unavailable', { cause });
  if (cause instanceof BodyBrokeOff) return refuse('invalid_input', { message: 'The body broke off.', cause });
  return cause;
}
