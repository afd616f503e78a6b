/** Built from emojibase's data by `emoji-table.ts`. */
declare module 'virtual:emoji-table' {
  const rows: readonly import('./emoji-row.ts').EmojiRow[];
  export default rows;
}
