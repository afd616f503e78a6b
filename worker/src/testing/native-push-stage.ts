import type { Person } from '@fechatter/server/testing';
import { until } from '@fechatter/testing/until';
import { nativePushServices } from './native-push-services.ts';
import { pushedServer } from './pushed-server.ts';

/** For tests: a server whose pushes go to stand-ins of Google's and Apple's push services, and two people in a chat. */
export async function nativePushStage() {
  const services = await nativePushServices();
  const stage = await pushedServer(services.settings);
  const { app, query, consume, dueNow, pending } = stage;
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const send = (content: string, by: Person = alice, chatId = chat.id) =>
    by.trpc.message.send.mutate({ chatId, content });
  return {
    services,
    stage,
    people: { alice, bob },
    chat,
    workspace,
    send,
    /** A message of alice, of which pushes are due. */
    sent: async (content: string) => {
      const message = await send(content);
      await consume();
      await dueNow();
      return message;
    },
    allDone: () => until(async () => (await pending()).length === 0, 'nothing waits'),
    failureOf: async (id: string) =>
      (await query<{ failure: string | null }>('select failure from push_subscriptions where id = $1', [id]))[0]
        ?.failure,
    shown: () => query<{ message_id: string }>('select message_id from push_shown'),
    /** Between tests: no device, nothing that waits, and push services that accept everything. */
    clear: async () => {
      await consume();
      for (const table of ['push_pending', 'push_shown', 'push_subscriptions', 'user_preferences'])
        await query(`delete from ${table}`);
      services.answerTo = () => undefined;
      services.answerToGrant = () => 200;
      for (const list of [services.pushes, services.complaints]) list.length = 0;
    },
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]();
      await services[Symbol.asyncDispose]();
    },
  };
}
