/** Every limit that a client can meet. Lengths are UTF-16 code units, as JavaScript's `length` counts them. */
export const limits = {
  contentMaxChars: 8_000,
  /** The `data` that bots and apps add to a message. */
  dataMaxChars: 4_096,
  nameMaxChars: 100,
  fileNameMaxChars: 255,
  /** 8 MiB: of each part of a file but its last. */
  filePartBytes: 8_388_608,
  /** 25 MiB: of a file that is uploaded in one request. */
  fileWholeMaxBytes: 26_214_400,
  messageFilesMax: 10,
  /** Files that a person has uploaded, or begun to, and not sent. */
  unsentFilesMax: 100,
  /** 1 GiB: of these files together; one file may be larger. */
  unsentFilesMaxBytes: 1_073_741_824,
  /** Files that were not sent are deleted after a day. */
  unsentFileSeconds: 86_400,
  fileTicketSeconds: 3_600,
  descriptionMaxChars: 1_000,
  topicMaxChars: 250,
  emailMaxChars: 254,
  passwordMinChars: 8,
  passwordMaxChars: 256,
  urlMaxChars: 2_048,
  bodyMaxBytes: 1_048_576,
  /** Of a request that brings no token. */
  anonymousBodyMaxBytes: 4_096,
  /** Of one response, in JSON: a list with longer entries returns fewer of them. */
  responseMaxBytes: 8_388_608,
  /** Of a batch over tRPC, and of its results together. */
  batchMaxCalls: 20,
  batchMaxBytes: 25_165_824,
  pageDefault: 50,
  pageMax: 100,
  /** Of one person. */
  passkeysMax: 20,
  /** Of messages that one call requests by id. */
  messageIdsMax: 50,
  cursorMaxChars: 1_024,
  searchQueryMaxChars: 256,
  searchChatsMax: 100,
  searchSendersMax: 20,
  emojiMaxChars: 64,
  /** Emoji of a workspace. */
  emojiMax: 500,
  /** 1 MiB: of the picture of one, as it is uploaded. */
  emojiMaxBytes: 1_048_576,
  reactionKindsMax: 20,
  /** Of the people whom a message mentions. */
  mentionsMax: 50,
  /** How long a chat can be muted: a year. */
  muteMaxSeconds: 31_536_000,
  /** Of the people whom one person blocks. */
  blockedMax: 1_000,
  /** In a larger chat, only Admins and Owners mention everyone. */
  everyoneMembersMax: 100,
  /** Of the numbers in `mentionNumbers`. */
  mentionNumbersMax: 100,
  /** Pinned messages of a chat. */
  pinsMax: 100,
  /** Threads that a person follows in a workspace: the one without a reply for the longest is unfollowed. */
  threadsFollowedMax: 1_000,
  statusTextMaxChars: 100,
  statusMaxSeconds: 31_536_000,
  /** People whose presence one call reads, and those whose presence one stream watches. */
  presenceIdsMax: 100,
  presenceWatchedMax: 200,
  /** Of one person: where their devices receive pushes. */
  pushSubscriptionsMax: 50,
  /** Messages that a person has saved. */
  savedMax: 10_000,
  chatMembersMax: 500,
  externalIdMaxChars: 255,
  externalMembersMax: 1_000,
  /** Bots of a workspace. */
  botsMax: 100,
  /** Also those that were deleted since. */
  botsPerDay: 200,
  /** Of the scopes of a key. */
  botScopesMax: 64,
  /** Of a bot. */
  webhooksMax: 10,
  /** Of all bots of a workspace together. */
  webhooksOfWorkspaceMax: 100,
  webhookKindsMax: 64,
  /** Of a chat. */
  incomingWebhooksMax: 10,
  /** Of all chats of a workspace together. */
  incomingWebhooksOfWorkspaceMax: 100,
  inviteDefaultSeconds: 604_800,
  inviteMaxSeconds: 2_592_000,
  inviteMaxUses: 10_000,
  retentionMaxDays: 36_500,
  ticketSeconds: 300,
  ticketMaxConnects: 20,
  ticketStreamSeconds: 3_600,
  pingSeconds: 15,
} as const;
