import { texts as appearance } from '../appearance/texts.de.ts';
import { texts as chat } from '../chat/texts.de.ts';
import { texts as completion } from '../completion/texts.de.ts';
import { texts as emoji } from '../emoji/texts.de.ts';
import { texts as markdown } from '../markdown/texts.de.ts';
import { texts as pins } from '../pins/texts.de.ts';
import { texts as presence } from '../presence/texts.de.ts';
import { texts as quotes } from '../quotes/texts.de.ts';
import { texts as reactions } from '../reactions/texts.de.ts';
import { texts as receipts } from '../receipts/texts.de.ts';
import { texts as saved } from '../saved/texts.de.ts';
import { texts as threads } from '../threads/texts.de.ts';
import { texts as typing } from '../typing/texts.de.ts';

/** The German texts, by folder: one file that is loaded by those who read German. */
export const german = {
  appearance,
  chat,
  completion,
  emoji,
  markdown,
  pins,
  presence,
  quotes,
  reactions,
  receipts,
  saved,
  threads,
  typing,
};
