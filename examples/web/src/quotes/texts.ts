/** The texts of quotes. */
export const texts = {
  quote: 'Quote',
  quoting: (name: string) => `Quoting ${name}`,
  remove: 'Do not quote it',
  goTo: (name: string) => `Go to the message of ${name}`,
  deleted: 'A message that was deleted.',
} as const;
