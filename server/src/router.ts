import type { TRPCRouterRecord } from '@trpc/server';
import { admin } from './admin/index.ts';
import { auth } from './auth/index.ts';
import { bot } from './bot/index.ts';
import { chat } from './chat/index.ts';
import { emoji } from './emoji/index.ts';
import { file } from './file/index.ts';
import { incomingWebhook } from './incoming-webhook/index.ts';
import { info } from './info/index.ts';
import { message } from './message/index.ts';
import { router } from './procedures.ts';
import { thread } from './thread/index.ts';
import { user } from './user/index.ts';
import { webhook } from './webhook/index.ts';
import { workspace } from './workspace/index.ts';

/** Every procedure of the server. */
export const procedures = {
  info,
  auth,
  user,
  workspace,
  chat,
  message,
  thread,
  file,
  emoji,
  bot,
  webhook,
  incomingWebhook,
  admin,
} satisfies TRPCRouterRecord;
export const appRouter = router(procedures);
export type AppRouter = typeof appRouter;
