/** The change must begin again with the lock of this workspace's head, because heads come before rows. */
export class NeedsWorkspace extends Error {
  readonly workspaceId: string;
  constructor(workspaceId: string) {
    super('a Guest enters a chat');
    this.workspaceId = workspaceId;
  }
}
