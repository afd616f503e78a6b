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
  /** From which row on rows are held until its periods are known. */
  readonly hold: Hold;
  /** Settles when the periods have been loaded; until then the hub holds rows for it. */
  loading: Promise<void> | undefined;
  /** When the read of its periods was requested, on the monotonic clock. */
  readonly requestedAtMs = performance.now();
  isLoaded = false;

  constructor(userId: string, workspaceOf: (chatId: string) => string | undefined, hold: Hold) {
    this.userId = userId;
    this.hold = hold;
    this.workspaceOf = workspaceOf;
  }
}
