import { StoreError, WrongSizeError } from '@fechatter/file-store';
import { refuse } from '@fechatter/service-kit';

/** The sender's connection broke while a body was read. */
export class BodyBrokeOff extends Error {
  override readonly name = 'BodyBrokeOff';
}

/** The refusal for content that cannot be stored or read; other errors are returned unchanged. */
export function storeRefusal(cause: unknown): unknown {
  if (cause instanceof WrongSizeError) return refuse('part_size_wrong', { cause });
  if (cause instanceof StoreError) return refuse('files_unavailable', { cause });
  if (cause instanceof BodyBrokeOff) return refuse('invalid_input', { message: 'The body broke off.', cause });
  return cause;
}
