import type { TRPCRouterRecord } from '@trpc/server';
import { notification } from './notification/index.ts';
import { presence } from './presence/index.ts';
import { push } from './push/index.ts';
import { router as makeRouter } from './trpc.ts';

/** Every procedure of this service; the SDK combines them with those of the server. */
export const procedures = { notification, presence, push } satisfies TRPCRouterRecord;

export const router = makeRouter(procedures);
export type NotifyRouter = typeof router;
