import type { File as SentFile } from '@fechatter/client';
import type { UnsentFile } from '@fechatter/client/outbox';
import { onDemand } from '../ui/on-demand.tsx';

/** How much room a file takes: it is reserved from the beginning, so that nothing moves when a picture comes. */
export type Room = 'picture' | 'card';

const PICTURE_PX = 232;
const SMALL_PICTURE_PX = 156;
const CARD_PX = 62;
const PICTURES_A_ROW = 4;

/** A picture that is not readable becomes a card. */
export const roomOf = ({ mime, state, hasThumbnail }: SentFile): Room =>
  hasThumbnail || (state === 'Scanning' && isPicture(mime)) ? 'picture' : 'card';
export const roomOfUnsent = ({ mime }: UnsentFile): Room => (isPicture(mime) ? 'picture' : 'card');
const isPicture = (mime: string) => /^image\/(png|jpeg|gif|webp|avif)$/.test(mime);

/** About how many pixels high these files are. */
export function heightOf(rooms: readonly Room[]): number {
  const pictures = rooms.filter((room) => room === 'picture').length;
  const rows = pictures === 1 ? PICTURE_PX : Math.ceil(pictures / PICTURES_A_ROW) * SMALL_PICTURE_PX;
  return rows + (rooms.length - pictures) * CARD_PX;
}

function Places({ rooms }: { readonly rooms: readonly Room[] }) {
  return (
    <ul className="files" data-many={rooms.length > 1}>
      {rooms.map((room, index) => (
        <li key={index} data-room={room} />
      ))}
    </ul>
  );
}

/** The files of a message; their code is loaded with the first ones that are shown. */
export const FilesOf = onDemand(
  async () => (await import('./message-files.tsx')).MessageFiles,
  ({ files }) => <Places rooms={files.map(roomOf)} />,
);

/** The files of a message that the service does not have yet. */
export const UnsentFilesOf = onDemand(
  async () => (await import('./unsent-files.tsx')).UnsentFiles,
  ({ files }) => <Places rooms={files.map(roomOfUnsent)} />,
);
