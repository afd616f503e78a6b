import { endLeftWebhooks } from '@fechatter/server/incoming-webhook';
import { wipeErased } from '@fechatter/server/erasure';
import { joinClaimedChats } from '@fechatter/server/claims';
import { forgetBots } from './forget-bots.ts';
import { forgetExchangedTokens } from './forget-exchanged-tokens.ts';
import { collectFiles } from './collect-files.ts';
import { forgetMemberships } from './forget-memberships.ts';
import { forgetMail } from './forget-mail.ts';
import { forgetPushes } from './forget-pushes.ts';
import { forgetSessions } from './forget-sessions.ts';
import { queueMentionDigests } from '../mail/queue-mention-digests.ts';
import type { Job } from './job.ts';
import { pruneAudit } from './prune-audit.ts';
import { pruneLog } from './prune-log.ts';
import { purgeExpired } from './purge-expired.ts';
import { retireSigningKeys } from './retire-signing-keys.ts';
import { sealAudit } from './seal-audit.ts';
import { deleteDeliveries } from '../webhooks/delete-deliveries.ts';
import { wipeDeletedChats } from './wipe-deleted-chats.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** All jobs. Those that scan a whole table or are not urgent run hourly. */
export const jobs: readonly Job[] = [
  { name: 'prune-log', everyMs: MINUTE_MS, run: pruneLog },
  { name: 'seal-audit', everyMs: MINUTE_MS, run: sealAudit },
  { name: 'prune-audit', everyMs: MINUTE_MS, run: pruneAudit },
  { name: 'purge-expired', everyMs: MINUTE_MS, run: purgeExpired },
  { name: 'wipe-deleted-chats', everyMs: MINUTE_MS, run: wipeDeletedChats },
  { name: 'collect-files', everyMs: MINUTE_MS, run: collectFiles },
  { name: 'delete-deliveries', everyMs: MINUTE_MS, run: deleteDeliveries },
  { name: 'end-left-webhooks', everyMs: MINUTE_MS, run: endLeftWebhooks },
  { name: 'wipe-erased', everyMs: MINUTE_MS, run: wipeErased },
  { name: 'join-claimed-chats', everyMs: MINUTE_MS, run: joinClaimedChats },
  { name: 'forget-memberships', everyMs: HOUR_MS, run: forgetMemberships },
  { name: 'forget-pushes', everyMs: MINUTE_MS, run: forgetPushes },
  { name: 'forget-sessions', everyMs: HOUR_MS, run: forgetSessions },
  { name: 'forget-bots', everyMs: HOUR_MS, run: forgetBots },
  { name: 'forget-exchanged-tokens', everyMs: HOUR_MS, run: forgetExchangedTokens },
  { name: 'queue-mention-digests', everyMs: 5 * MINUTE_MS, run: queueMentionDigests },
  { name: 'forget-mail', everyMs: HOUR_MS, run: forgetMail },
  { name: 'retire-signing-keys', everyMs: HOUR_MS, run: retireSigningKeys },
];
