import { createTRPCClient, type TRPCClient } from '@trpc/client';
import { checkedOptions, type FechatterOptions } from './fechatter-options.ts';
import { bearerOf, linkOf } from './trpc-link.ts';
import type { FechatterRouter } from './wire.ts';

/** What the server of an app may do with its people, workspaces and chats: each procedure below `admin`. */
export type FechatterAdmin = TRPCClient<FechatterRouter>['admin'];

export interface AdminOptions extends Pick<FechatterOptions, 'serverUrl' | 'fetch' | 'timeoutMs'> {
  /**
   * A key that `fechatter service-keys create` printed. Only for servers: anyone who has it can sign in as your people.
   */
  readonly serviceKey: string;
}

/** Creates a client for the server of an app. It has no session and needs no storage; calls of one turn go together. */
export function createAdmin({ serviceKey, ...options }: AdminOptions): FechatterAdmin {
  const { serverUrl, fetchInTime } = checkedOptions({ ...options, notifyUrl: options.serverUrl });
  const links = [linkOf(fetchInTime)(serverUrl, async () => bearerOf(serviceKey))];
  return createTRPCClient<FechatterRouter>({ links }).admin;
}
