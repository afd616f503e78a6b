import type { ChatRow } from '@fechatter/client';
import type { IconName } from '../ui/icon.tsx';

/** Something that the switcher goes to, or does. */
export interface Entry {
  readonly key: string;
  readonly name: string;
  /** Other words by which it is found, separated by commas. */
  readonly alsoCalled?: string;
  readonly hint?: string | undefined;
  readonly sign:
    | { readonly chat: Pick<ChatRow, 'id' | 'name' | 'chatType' | 'otherUserId'> }
    | { readonly person: { readonly id: string; readonly avatarUrl: string | null } }
    | { readonly workspaceId: string }
    | { readonly icon: IconName };
  /** Of those that match equally well, the lower ones come first. */
  readonly order: number;
  /** What the service must do first, and may refuse. Resolves to where to go then. */
  readonly prepare?: () => Promise<string | undefined>;
  /** What happens when the switcher has closed. */
  readonly go: (link?: string) => void;
}
