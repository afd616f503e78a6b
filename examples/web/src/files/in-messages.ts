/** Of one message. */
const FILES_MAX = 10;

export interface FileSending {
  /** Throws if too much is waiting already. */
  readonly send: (some: readonly File[], isFirst: boolean) => void;
  /** Called after each message with the files that are not in one yet. */
  readonly onSent: (left: readonly File[]) => void;
}

/** Sends files in as many messages as they need. Throws what `send` throws: then the last call of `onSent` says what is left. */
export function sendInMessages(files: readonly File[], { send, onSent }: FileSending): void {
  for (let from = 0; from < files.length; from += FILES_MAX) {
    send(files.slice(from, from + FILES_MAX), from === 0);
    onSent(files.slice(from + FILES_MAX));
  }
}
