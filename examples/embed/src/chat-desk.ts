import { createAdmin } from '@fechatter/client';
import { SignJWT } from 'jose';
import type { Customer } from './customers.ts';

// Everything that the shop's server needs to know of the chat.

export interface ChatOptions {
  readonly serverUrl: string;
  readonly serviceKey: string;
  /** The secret that the chat trusts tokens by, in its setting `auth.issuers`. */
  readonly issuerSecret: string;
}

const SHOP = 'shop';
const TOKEN_SECONDS = 60;

/** Brings the shop's customers and orders into the chat. */
export async function createChatDesk({ serverUrl, serviceKey, issuerSecret }: ChatOptions) {
  const admin = createAdmin({ serverUrl, serviceKey });
  const secret = new TextEncoder().encode(issuerSecret);

  // The shop itself is a person of the chat: it owns what it makes, and posts. All of this can be repeated.
  await admin.upsertUser.mutate({ externalId: SHOP, fullName: 'The shop' });
  await admin.upsertWorkspace.mutate({ externalId: SHOP, name: 'The shop' });
  const owner = { externalId: SHOP, role: 'Owner' as const };
  await admin.setMembers.mutate({ workspace: SHOP, members: [owner], mode: 'add' });

  return {
    /** A customer who has signed in here needs no sign-up there. Returns the chat of all customers. */
    async welcome({ id, name }: Customer) {
      const member = { externalId: id, role: 'Member' as const };
      await admin.upsertUser.mutate({ externalId: id, fullName: name });
      await admin.setMembers.mutate({ workspace: SHOP, members: [member], mode: 'add' });
      const chat = { externalId: 'counter', workspace: SHOP, name: 'Counter', chatType: 'Group' as const };
      return admin.upsertChat.mutate({ ...chat, members: [owner, member] });
    },

    /** What the page exchanges for a session: good for a minute, once. */
    token({ id, name }: Customer): Promise<string> {
      return new SignJWT({ name })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(SHOP)
        .setAudience('shop-chat')
        .setSubject(id)
        .setJti(crypto.randomUUID())
        .setExpirationTime(`${TOKEN_SECONDS}s`)
        .sign(secret);
    },

    /** Posts as the shop. With the order's id as clientId a repeat posts once. */
    async announce(orderId: string, content: string) {
      await admin.sendMessage.mutate({ as: SHOP, chat: 'counter', content, clientId: orderId });
    },
  };
}
