/** What the event of a message's deletion says of its thread. */
export const threadFacts = (threadId: string | null) => (threadId === null ? {} : { threadId });
