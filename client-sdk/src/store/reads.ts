import type { FechatterClient } from '../create-fechatter.ts';
import { isFechatterError } from '../errors.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import { putChat } from './chat.ts';
import { endsChat, endsWorkspace, inChat, inWorkspace } from './concern.ts';
import { membersOf } from './read-state.ts';
import type { Missing } from './reducer.ts';
import type { Replica } from './replica.ts';
import { putWorkspace } from './workspace.ts';

export type Kind = 'chat' | 'workspace';

/**
 * Reads single chats, workspaces and lists of members into a replica. Each read is retried until it succeeds, and runs
 * once at a time.
 */
export class Reads {
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #backoff: BackoffOptions;
  readonly #stopped: AbortSignal;
  /** True: it was requested again while it was under way. */
  readonly #underWay = new Map<string, boolean>();

  constructor(client: FechatterClient, replica: Replica, backoff: BackoffOptions, stopped: AbortSignal) {
    this.#client = client;
    this.#replica = replica;
    this.#backoff = backoff;
    this.#stopped = stopped;
  }

  /** Reads what an event does not contain. */
  need(missing: Missing): void {
    if ('chatId' in missing) this.persist(`chat ${missing.chatId}`, () => this.#chat(missing.chatId));
    const { workspaceId } = missing;
    if (workspaceId !== undefined) this.persist(`workspace ${workspaceId}`, () => this.#workspace(workspaceId));
  }

  /** Reads a chat that an event has mentioned and that is not known, unless it is being read. */
  discover(chatId: string): void {
    if (!this.#underWay.has(`chat ${chatId}`)) this.need({ chatId });
  }

  /** Reads the members, unless they are known or being read. */
  membersOnce(of: Kind, id: string): void {
    if (!this.#replica.state.members.has(id) && !this.#underWay.has(`members ${id}`)) this.members(of, id);
  }

  members(of: Kind, id: string): void {
    this.persist(`members ${id}`, () => this.#members(of, id));
  }

  /** Repeats an attempt until it succeeds or is refused; if it is already running, it runs again afterwards. */
  persist(key: string, attempt: () => Promise<void>): void {
    if (this.#underWay.has(key)) return void this.#underWay.set(key, true);
    this.#underWay.set(key, false);
    void this.#repeat(key, attempt).finally(() => this.#underWay.delete(key));
  }

  async #repeat(key: string, attempt: () => Promise<void>): Promise<void> {
    const backoff = new Backoff(this.#backoff);
    while (!this.#stopped.aborted) {
      try {
        this.#underWay.set(key, false);
        await attempt();
        if (this.#underWay.get(key) !== true) return;
      } catch (error) {
        if (!isRefusal(error)) await backoff.pause(this.#stopped);
        // The person cannot see it (any more), unless they have come back since.
        else if (this.#underWay.get(key) !== true) return;
      }
    }
  }

  #chat(chatId: string): Promise<void> {
    const { state } = this.#replica;
    const concern = inChat(chatId);
    return this.#replica.read(
      (event) => (endsWorkspace(event, state.userId) ? event : concern(event)),
      () => this.#client.chat.get.query({ chatId }),
      (chat, meanwhile) => {
        const isGone = meanwhile.some(
          (event) =>
            endsChat(event, state.userId) ||
            (endsWorkspace(event, state.userId) && 'workspaceId' in event && event.workspaceId === chat.workspaceId),
        );
        if (isGone || chat.role === null) return false;
        if (putChat(state, chat)) this.need({ chatId });
        if (state.members.has(chatId)) this.members('chat', chatId);
        return true;
      },
    );
  }

  #workspace(workspaceId: string): Promise<void> {
    const { state } = this.#replica;
    return this.#replica.read(
      inWorkspace(workspaceId),
      () => this.#client.workspace.get.query({ workspaceId }),
      (workspace, meanwhile) => {
        if (meanwhile.some((event) => endsWorkspace(event, state.userId))) return false;
        putWorkspace(state, workspace);
        if (state.members.has(workspaceId)) this.members('workspace', workspaceId);
        return true;
      },
    );
  }

  #members(of: Kind, id: string): Promise<void> {
    const { userId } = this.#replica.state;
    return this.#replica.read(
      of === 'chat' ? inChat(id) : inWorkspace(id),
      () => membersOf(this.#client, of, id),
      (members, meanwhile) => {
        if (meanwhile.some((event) => endsWorkspace(event, userId) || endsChat(event, userId))) return false;
        this.#replica.setMembers(id, members);
        return true;
      },
    );
  }
}

/** Whether the service has refused a call permanently. */
export const isRefusal = (error: unknown): boolean =>
  isFechatterError(error) &&
  !isFechatterError(error, 'rate_limited', 'busy', 'database_unavailable', 'internal', 'token_expired');
