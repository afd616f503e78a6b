/** SQL: whether a person shows others what they have read, and so sees theirs: the default. */
export const showsReceipts = (userId: string): string =>
  `coalesce((select s.show_receipts from user_preferences s where s.user_id = ${userId}), true)`;
