import { EVERYONE } from '../completion/names.ts';
import { drafts } from '../drafts/use-draft.ts';

/** Mentions a person at the end of a draft: by their name or, if another one has it too, by their id. */
export function mentionIn(draftName: string, { id, name, isAmbiguous }: MentionedPerson): void {
  const text = drafts.get(draftName) ?? '';
  const gap = text === '' || /\s$/.test(text) ? '' : ' ';
  drafts.set(draftName, `${text}${gap}${isAmbiguous || name === EVERYONE ? `<@${id}>` : `@${name}`} `);
}

export interface MentionedPerson {
  readonly id: string;
  readonly name: string;
  /** Whether it is not the name of one person alone. */
  readonly isAmbiguous: boolean;
}
