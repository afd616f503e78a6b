const PEOPLE_MAX = 100_000;

/**
 * When something was last dropped for a person, or for everyone, in the order of this process. A remembered read is
 * used only if nothing was dropped for its people since it began: a read that is under way while its person changes
 * something may not have seen the change.
 */
export class Drops {
  /** People by the time of their last drop, the longest ago first. */
  readonly #ofPerson = new Map<string, number>();
  #ofEveryone = 0;
  #now = 0;

  /** The time at which a read begins. */
  begin(): number {
    return ++this.#now;
  }

  /** Drops what is remembered for a person, and about them. */
  drop(userId: string): void {
    this.#ofPerson.delete(userId);
    this.#ofPerson.set(userId, ++this.#now);
    if (this.#ofPerson.size <= PEOPLE_MAX) return;
    // Forgetting a drop drops everything that is as old.
    for (const [longestAgo, time] of this.#ofPerson) {
      this.#ofPerson.delete(longestAgo);
      this.#ofEveryone = Math.max(this.#ofEveryone, time);
      return;
    }
  }

  dropAll(): void {
    this.#ofEveryone = ++this.#now;
    this.#ofPerson.clear();
  }

  /** Whether something was dropped for one of these people since `began`. */
  hasSince(began: number, userIds: readonly string[]): boolean {
    return this.#ofEveryone > began || userIds.some((userId) => (this.#ofPerson.get(userId) ?? 0) > began);
  }
}
