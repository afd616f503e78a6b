import { isFechatterError } from '@fechatter/client';

/** What went wrong, for people: the service's own sentence, or that it could not be reached. */
export function sentenceOf(error: unknown): string {
  if (!isFechatterError(error)) return 'The service cannot be reached at the moment. Please try again.';
  const issues = error.data?.issues?.map(({ message }) => message) ?? [];
  return issues.length > 0 ? issues.join(' ') : error.message;
}
