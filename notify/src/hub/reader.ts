import type { Memberships, Period } from '@fechatter/contract';
import type { Connection } from './connection.ts';
import { EndedPeriods } from './ended-periods.ts';
import type { Hold } from './held-rows.ts';

/** A person with open streams, and their periods as far as the tail has come. */
export class Reader implements Memberships {
  readonly userId: string;
  readonly connections = new Set<Connection>();
  readonly workspaces = new Map<string, Period[]>();
  readonly chats = new Map<string, Period[]>();
  readonly ended = new EndedPeriods();
  readonly workspaceOf: (chatId: string) => string | undefined;
  /** From where on the rows are held that pass before its periods are there. */
  readonly hold: Hold;
  /** Settles when the periods were read; until then the hub holds the rows that pass. */
  loading: Promise<void> | undefined;
  /** When the read of its periods was asked for, on the monotonic clock. */
  readonly askedAtMs = performance.now();
  isLoaded = false;

  constructor(userId: string, workspaceOf: (chatId: string) => string | undefined, hold: Hold) {
    this.userId = userId;
    this.hold = hold;
    this.workspaceOf = workspaceOf;
  }
}
