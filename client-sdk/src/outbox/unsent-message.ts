import type { Reason } from '../wire.ts';

/** A message that the service has not acknowledged yet. */
export interface UnsentMessage {
  /** Under which the service knows it: however often it is sent, it stands once. */
  readonly clientId: string;
  readonly chatId: string;
  readonly content: string;
  /** By this device's clock. */
  readonly createdAt: Date;
  /** `failed`: the service has refused it for good; nothing waits for it. Retry or cancel it. */
  readonly state: 'pending' | 'failed';
  /** The storage has it: it outlives this page or process. False: it is in memory alone, and is sent all the same. */
  readonly isKept: boolean;
  /** It is on its way at this moment: it cannot be cancelled. */
  readonly isSending: boolean;
  /** Why it was refused, or is tried again; undefined where the service could not be reached. */
  readonly reason: Reason | undefined;
}
