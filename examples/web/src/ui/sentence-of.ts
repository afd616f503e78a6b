import { isFechatterError } from '@fechatter/client';

/** An error of the form itself, as a sentence for people. */
export class Refusal extends Error {}

/** The labels of fields whose names differ on the page. */
const labels: Readonly<Record<string, string>> = {
  fullName: 'The name',
  email: 'The e-mail address',
  newEmail: 'The new address',
  avatarUrl: 'The picture\u2019s address',
  currentPassword: 'The current password',
  newPassword: 'The new password',
  maxUses: 'The number of people',
  content: 'The message',
  url: 'The address',
  timeZone: 'The time zone',
};

interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly code: string;
}

/** An error as a sentence for people: the service's own sentence, or that it could not be reached. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  if (!isFechatterError(error)) return 'The service cannot be reached at the moment. Please try again.';
  const sentences = new Set(error.data?.issues?.map(sentenceOfIssue));
  return sentences.size > 0 ? [...sentences].join(' ') : error.message;
}

/** A schema's own messages are for programmers. */
function sentenceOfIssue({ path, message, code }: Issue): string {
  const field = path.findLast((part) => typeof part === 'string') ?? '';
  // People do not type these: they come from a link.
  if (/(?:Ids?|^token|^cursor)$/.test(field)) return 'This does not exist, or you may not see it.';
  const label = labels[field] ?? `The ${field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) || 'input'}`;
  switch (code) {
    case 'too_small':
      return `${label} is too short.`;
    case 'too_big':
      return `${label} is too long.`;
    case 'custom':
      return `${label} ${message}.`;
    default:
      return `${label} is not valid.`;
  }
}
