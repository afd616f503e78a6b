import { isFechatterError, type Reason, reasonOf } from '@fechatter/client';
import { Refusal } from '../ui/refusal.ts';
import { texts } from './texts.ts';

interface Issue {
  readonly path: readonly (string | number)[];
  readonly code: string;
}

/** An error as a sentence for people; the service's own sentences are for programmers. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (!isFechatterError(error)) return texts.unreachable;
  const sentences = new Set(error.data?.issues?.map(sentenceOfIssue));
  if (sentences.size > 0) return [...sentences].join(' ');
  const reason = reasonOf(error);
  return (reason && texts.reasons[reason]) ?? sentenceOfStatus(error.data?.httpStatus ?? 0);
}

/** The same for a reason that was kept, such as that of a message. */
export const sentenceOfReason = (reason: Reason): string => texts.reasons[reason] ?? texts.broken;

/** For reasons that say nothing to people: what is missing is named differently by each noun, and the rest is a program's mistake. */
function sentenceOfStatus(status: number): string {
  if (status === 404) return texts.notFound;
  if (status === 401 || status === 403) return texts.notAllowed;
  return status === 503 || status === 429 ? texts.notPossible : texts.broken;
}

function sentenceOfIssue({ path, code }: Issue): string {
  const field = path.findLast((part) => typeof part === 'string') ?? '';
  // People do not type these: they come from a link.
  if (/(?:Ids?|^token|^cursor)$/.test(field)) return texts.notFound;
  const label = texts.fields[field] ?? texts.input;
  switch (code) {
    case 'too_small':
      return texts.tooShort(label);
    case 'too_big':
      return texts.tooLong(label);
    default:
      return texts.invalid(label);
  }
}
