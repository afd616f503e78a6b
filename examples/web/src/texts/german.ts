import { texts as account } from '../account/texts.de.ts';
import { texts as appearance } from '../appearance/texts.de.ts';
import { texts as audit } from '../audit/texts.de.ts';
import { texts as bots } from '../bots/texts.de.ts';
import { texts as channels } from '../channels/texts.de.ts';
import { texts as chat } from '../chat/texts.de.ts';
import { texts as code } from '../code/texts.de.ts';
import { texts as chatSettings } from '../chat-settings/texts.de.ts';
import { texts as completion } from '../completion/texts.de.ts';
import { texts as drafts } from '../drafts/texts.de.ts';
import { texts as emoji } from '../emoji/texts.de.ts';
import { texts as emojiSettings } from '../emoji-settings/texts.de.ts';
import { texts as exports } from '../exports/texts.de.ts';
import { texts as files } from '../files/texts.de.ts';
import { texts as incomingWebhooks } from '../incoming-webhooks/texts.de.ts';
import { texts as mailLinks } from '../mail-links/texts.de.ts';
import { texts as markdown } from '../markdown/texts.de.ts';
import { texts as people } from '../people/texts.de.ts';
import { texts as pins } from '../pins/texts.de.ts';
import { texts as presence } from '../presence/texts.de.ts';
import { texts as privacy } from '../privacy/texts.de.ts';
import { texts as push } from '../push/texts.de.ts';
import { texts as quotes } from '../quotes/texts.de.ts';
import { texts as reactions } from '../reactions/texts.de.ts';
import { texts as receipts } from '../receipts/texts.de.ts';
import { texts as refusals } from '../refusals/texts.de.ts';
import { texts as saved } from '../saved/texts.de.ts';
import { texts as search } from '../search/texts.de.ts';
import { texts as sessionName } from '../session-name/texts.de.ts';
import { texts as shortcuts } from '../shortcuts/texts.de.ts';
import { texts as signIn } from '../sign-in/texts.de.ts';
import { texts as systemLines } from '../system-lines/texts.de.ts';
import { texts as switcher } from '../switcher/texts.de.ts';
import { texts as threads } from '../threads/texts.de.ts';
import { texts as typing } from '../typing/texts.de.ts';
import { texts as ui } from '../ui/texts.de.ts';
import { texts as webhooks } from '../webhooks/texts.de.ts';
import { texts as workspace } from '../workspace/texts.de.ts';

/** The German texts, by folder: one file that is loaded by those who read German. */
export const german = {
  account,
  appearance,
  audit,
  bots,
  channels,
  chat,
  code,
  'chat-settings': chatSettings,
  completion,
  drafts,
  emoji,
  'emoji-settings': emojiSettings,
  exports,
  files,
  'incoming-webhooks': incomingWebhooks,
  'mail-links': mailLinks,
  markdown,
  people,
  pins,
  presence,
  privacy,
  push,
  quotes,
  reactions,
  receipts,
  refusals,
  saved,
  search,
  'session-name': sessionName,
  shortcuts,
  'sign-in': signIn,
  'system-lines': systemLines,
  switcher,
  threads,
  typing,
  ui,
  webhooks,
  workspace,
};
