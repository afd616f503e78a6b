/** The facts about its thread in the event of a message's deletion. */
export const threadFacts = (threadId: string | null) => (threadId === null ? {} : { threadId });
