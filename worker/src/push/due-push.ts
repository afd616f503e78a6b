import type { PushKind } from '@fechatter/contract';

/** A push that this worker holds until its lease ends. */
export interface DuePush {
  readonly id: number;
  readonly lease: string;
  readonly subscriptionId: string;
  readonly host: string;
  readonly attempts: number;
  /** Up to which seq of the chat this decision looked. */
  readonly checkedTo: number;
  /** Undefined: there is nothing to send (any more), or nobody to send it to. */
  readonly wanted: WantedPush | undefined;
}

export interface WantedPush {
  readonly kind: PushKind;
  readonly address: SealedAddress;
  /** Whether the last push to this subscription was not delivered. */
  readonly isFailing: boolean;
  readonly badge: number;
  readonly subject: PushedMessage | ReadMessage | { readonly is: 'test' };
}

/** A message of which a device shows a notification that it is to remove. */
export interface ReadMessage {
  readonly is: 'read';
  readonly chatId: string;
  readonly id: string;
}

export interface SealedAddress {
  readonly userId: string;
  readonly hash: Buffer;
  readonly sealed: Buffer;
}

/** A message that the device is to be notified of. */
export interface PushedMessage {
  readonly is: 'message';
  readonly chatId: string;
  readonly chatType: 'Single' | 'Group' | 'PrivateChannel' | 'PublicChannel';
  readonly chatName: string;
  readonly id: string;
  readonly threadId: string | null;
  readonly isMention: boolean;
  /** Undefined: the person wants no text in pushes. */
  readonly preview: Preview | undefined;
}

export interface Preview {
  readonly senderName: string;
  readonly body: Buffer;
  /** Of the people whom it mentions. */
  readonly names: Readonly<Record<string, string>>;
}
