import {
  type AuditEntry,
  createFechatter,
  type Emoji,
  type Event,
  type FechatterClient,
  type File,
  isFechatterError,
  localStorageStorage,
  type Mentions,
  type Message,
  type Preferences,
  type Presence,
  type Reaction,
  type Reason,
  type Session,
  type Thread,
  type ThreadSummary,
  type WorkspaceExportLine,
} from '@fechatter/client';
import {
  FechatterProvider,
  useChats,
  useConnection,
  useMessages,
  useSend,
  useSetTyping,
  useThread,
  useThreads,
  useTyping,
  useUnread,
} from '@fechatter/client/react';
import type { Store } from '@fechatter/client/store';
import { createElement } from 'react';

// A consumer's program: only the published package, every procedure, strict.

/** Undefined for this refusal; throws any other error. */
const refusedOr = (reason: Reason) => (error: unknown) => {
  if (!isFechatterError(error, reason)) throw error;
};

export async function useEverything(client: FechatterClient): Promise<void> {
  const { features, limits } = await client.info.get.query();
  features.filter((name) => name.length < limits.contentMaxChars);
  const { id: workspaceId } = await client.workspace.create.mutate({ name: 'w', description: null });
  await client.workspace.update.mutate({ workspaceId, name: 'v' });
  const { workspaces } = await client.workspace.list.query();
  const role: 'Guest' | 'Member' | 'Admin' | 'Owner' | undefined = workspaces[0]?.role;
  await client.workspace.get.query({ workspaceId });
  await client.workspace.channels.query({ workspaceId, query: 'x' });
  const invite = await client.workspace.invite.mutate({ workspaceId, role: 'Member' });
  await client.workspace.invites.query({ workspaceId });
  await client.workspace.revokeInvite.mutate({ workspaceId, inviteId: invite.id });
  const { claims } = await client.workspace.claims.query({ workspaceId });
  for (const { placeholder, claimant } of claims) {
    const claim = { workspaceId, userId: placeholder.id };
    await client.workspace.claim.mutate(claim);
    await client.workspace.decideClaim.mutate({ ...claim, claimantId: claimant?.id ?? '', isConfirmed: true });
  }
  const { members } = await client.workspace.members.query({ workspaceId });
  const userId = members[0]?.user.id ?? '';
  await client.workspace.setRole.mutate({ workspaceId, userId, role: 'Owner' });
  await client.workspace.removeMember.mutate({ workspaceId, userId }).catch(() => role);
  const { bot, apiKey } = await client.bot.create.mutate({ workspaceId, name: 'b', scopes: ['read', 'message.send'] });
  await client.bot.update.mutate({ botId: bot.id, name: 'c' });
  const { serverUrl } = client;
  const { id: botId }: Session = await createFechatter({ serverUrl, notifyUrl: serverUrl }).adoptKey(apiKey);
  await client.bot.update.mutate({ botId, avatarUrl: null });
  await client.bot.list.query({ workspaceId });
  const { webhook, secret } = await client.webhook.create.mutate({
    botId: bot.id,
    url: 'https://a.b',
    kinds: ['message.created'],
  });
  const { webhooks } = await client.webhook.list.query({ botId: bot.id });
  const webhookId: string = webhooks[0]?.id ?? webhook.id;
  await client.webhook.update.mutate({ webhookId, url: 'https://c.d', isEnabled: secret.length > 0 });
  await client.webhook.test.mutate({ webhookId });
  const { deliveries } = await client.webhook.deliveries.query({ webhookId, state: 'Failed' });
  for (const { id } of deliveries) await client.webhook.redeliver.mutate({ webhookId, deliveryId: id });
  await client.webhook.rotateSecret.mutate({ webhookId });
  await client.webhook.delete.mutate({ webhookId });
  await client.bot.rotateKey.mutate({ botId: bot.id });
  await client.bot.delete.mutate({ botId: bot.id });
  const chat = await client.chat.create.mutate({ name: 'c', chatType: 'Group', workspaceId, memberIds: [] });
  const chatId = chat.id;
  const incoming = await client.incomingWebhook.create.mutate({ chatId, name: 'c' });
  const { incomingWebhooks } = await client.incomingWebhook.list.query({ chatId });
  const incomingId: string = incomingWebhooks[0]?.id ?? incoming.url;
  await client.incomingWebhook.delete.mutate({ webhookId: incomingId });
  const { topic, whoPosts } = await client.chat.update.mutate({ chatId, name: 'd', topic: 't' });
  await client.chat.update.mutate({ chatId, topic, whoPosts });
  const archived: Date | null = (await client.chat.archive.mutate({ chatId })).archivedAt;
  if (archived !== null) await client.chat.unarchive.mutate({ chatId });
  await client.chat.list.query();
  await client.chat.get.query({ chatId });
  await client.chat.members.query({ chatId });
  await client.chat.join.mutate({ chatId });
  await client.chat.addMembers.mutate({ chatId, userIds: [userId] });
  await client.chat.setRole.mutate({ chatId, userId, role: 'Owner' });
  await client.chat.removeMember.mutate({ chatId, userId }).catch(() => {});
  const message: Message = await client.message.send.mutate({ chatId, content: 'hi' });
  const { quotedId, data } = await client.message.send.mutate({
    chatId,
    content: 'so',
    quotedId: message.id,
    data: '{}',
  });
  if (quotedId !== null) await client.message.list.query({ chatId, ids: [quotedId] }).then(() => data);
  const { fileId } = await client.file.begin.mutate({ chatId, name: 'a.txt', size: 0, mime: 'text/plain' });
  const { partsReceived } = await client.file.status.query({ fileId });
  const file: File = await client.file.finish.mutate({ fileId });
  const { files } = await client.message.send.mutate({ chatId, content: '', fileIds: [file.id] });
  files.map(({ name, state }) => state === 'Ready' && name);
  const { files: sharedHere } = await client.chat.files.query({ chatId, kind: 'other' });
  if (sharedHere.length === 0) await client.file.cancel.mutate({ fileId: partsReceived ? fileId : file.id });
  const picture = await client.file.begin.mutate({ workspaceId, name: 'parrot.png', size: 1 });
  const parrot = { workspaceId, name: 'parrot' };
  // Its picture has not been uploaded.
  await client.emoji.create.mutate({ ...parrot, fileId: picture.fileId }).catch(refusedOr('file_not_ready'));
  const { emoji }: { emoji: Emoji[] } = await client.emoji.list.query({ workspaceId });
  if (emoji.length > 0) await client.emoji.delete.mutate(parrot);
  const { ticket } = await client.file.ticket.mutate();
  const { filesUrl } = await client.info.get.query();
  await fetch(`${filesUrl ?? client.serverUrl}/f/${fileId}?ticket=${ticket}`);
  const at: Date = message.createdAt;
  await client.message.edit.mutate({ chatId, messageId: message.id, content: `${at.getTime()}` });
  const mentions: Mentions | null = message.mentions;
  mentions?.userIds.includes(userId);
  await client.message.list.query({ chatId, after: message.id });
  const again: Message = await client.message.get.query({ chatId, messageId: message.id });
  await client.message.list.query({ chatId, ids: [again.id] });
  await client.chat.markRead.mutate({ chatId, seq: message.seq });
  const { notifyLevel } = await client.chat.setNotifications.mutate({ chatId, level: 'Mentions', mutedForSeconds: 60 });
  await client.chat.setNotifications.mutate({ chatId, level: notifyLevel, mutedForSeconds: null });
  const { showReceipts } = await client.user.preferences.query();
  const preferences: Preferences = await client.user.setPreferences.mutate({ showReceipts });
  await client.user.block.mutate({ userId: preferences.blockedUserIds[0] ?? userId }).catch(() => {});
  await client.user.unblock.mutate({ userId });
  await client.chat.setTyping.mutate({ chatId, isTyping: false });
  await client.chat.markUnread.mutate({ chatId, messageId: message.id });
  const { users } = await client.message.readers.query({ chatId, messageId: message.id });
  users.map(({ name }) => name);
  const reaction = { chatId, messageId: message.id, emoji: '👍' };
  const { reactions, myReactions } = await client.message.react.mutate(reaction);
  const mine: Reaction | undefined = reactions.find(({ emoji }) => myReactions.includes(emoji));
  await client.message.reactors.query({ ...reaction, emoji: mine?.emoji ?? '' });
  await client.message.unreact.mutate(reaction);
  const reply = await client.message.send.mutate({ chatId, content: 'hi', threadId: message.id });
  await client.message.list.query({ chatId, threadId: message.id, aroundNumber: reply.number });
  const thread = { chatId, rootId: message.id };
  const followed: Thread = await client.thread.follow.mutate(thread);
  const summary: ThreadSummary | null = followed.root.thread;
  await client.thread.markRead.mutate({ ...thread, number: summary?.lastNumber ?? 0 });
  await client.thread.get.query(thread);
  const { threads } = await client.thread.list.query({ workspaceId, unread: true });
  if (threads.every(({ unreadCount }) => unreadCount > 0)) await client.thread.unfollow.mutate(thread);
  const { pinnedAt } = await client.message.pin.mutate({ chatId, messageId: message.id });
  const { messages: pinned } = await client.chat.pins.query({ chatId });
  pinned.filter((one) => one.pinnedAt === pinnedAt);
  await client.message.unpin.mutate({ chatId, messageId: message.id });
  const { hits } = await client.message.search.query({ workspaceId, query: 'hello', has: ['link'] });
  hits.map(({ ranges }) => ranges.map(([from = 0, to = 0]) => to - from));
  await client.message.save.mutate({ chatId, messageId: message.id });
  const { saved, nextCursor } = await client.message.saved.query({ limit: 10 });
  saved.filter((one) => one.message.isSaved && one.savedAt > at && nextCursor === null);
  await client.message.unsave.mutate({ chatId, messageId: message.id });
  await client.message.delete.mutate({ chatId, messageId: message.id });
  await client.user.me.query();
  await client.user.get.query({ userId });
  const { presences } = await client.user.presence.query({ userIds: [userId] });
  const there: Presence | undefined = presences.find(({ presence }) => presence !== 'offline');
  await client.user.setActivity.mutate({ isActive: there === undefined });
  const { customStatus } = await client.user.setStatus.mutate({ emoji: '🌴', text: 'away', expiresInSeconds: 3_600 });
  customStatus?.expiresAt?.getTime();
  await client.user.update.mutate({ fullName: 'x', avatarUrl: null });
  await client.auth.sessions.query();
  await client.notification.ticket.mutate();
  await client.presence.watch.mutate({ streamId: 'from ready', userIds: [userId] }).catch(() => {});
  const { publicKey } = await client.push.key.query();
  const device = {
    kind: 'WebPush',
    endpoint: 'https://push.example.com/x',
    keys: { p256dh: publicKey, auth: 'A'.repeat(22) },
  } as const;
  const { id: subscriptionId } = await client.push.subscribe.mutate(device);
  await client.push.test.mutate({ subscriptionId });
  const { pushKinds } = await client.info.get.query();
  if (pushKinds.includes('Fcm')) await client.push.subscribe.mutate({ kind: 'Fcm', token: 'a-registration-token' });
  const phone = { kind: 'Apns', token: 'ab'.repeat(32), topic: 'com.example.chat', environment: 'production' } as const;
  if (pushKinds.includes(phone.kind)) await client.push.subscribe.mutate(phone);
  const { subscriptions } = await client.push.subscriptions.query();
  for (const { id, failure } of subscriptions)
    if (failure !== null) await client.push.unsubscribe.mutate({ subscriptionId: id });
  const { events } = await client.notification.list.query({ limit: 1 });
  events.map(({ id, event }) => `${id} ${event.kind}`);
  const { retentionDays } = await client.workspace.setRetention.mutate({ workspaceId, days: 365 });
  const { entries } = await client.workspace.auditLog.query({ workspaceId });
  const entry: AuditEntry | undefined = entries.find(({ details }) => details.retentionDays === retentionDays);
  const { lines } = await client.workspace.export.query({ workspaceId });
  lines.map((line: WorkspaceExportLine) => (line.type === 'message' ? line.content : entry?.action));
  await client.chat.leave.mutate({ chatId }).catch((error: unknown) => {
    if (isFechatterError(error, 'last_owner')) return error.data?.reason satisfies string | undefined;
    throw error;
  });
  await client.chat.delete.mutate({ chatId });
  await client.workspace.leave.mutate({ workspaceId }).catch(() => {});
  await client.workspace.delete.mutate({ workspaceId });
}

export function Room({ chatId, store }: { chatId: string; store: Store }) {
  const [chats, { entries }, send, { status }, unread] = [
    useChats(),
    useMessages(chatId),
    useSend(chatId),
    useConnection(),
    useUnread(),
  ];
  const [typists, setTyping] = [useTyping(chatId), useSetTyping(chatId)];
  setTyping(false);
  return createElement(
    FechatterProvider,
    { store },
    `${chats.length} ${entries.length} ${status} ${unread} ${send.length} ${typists.length}`,
  );
}

export function Replies({ chatId, rootId, workspaceId }: { chatId: string; rootId: string; workspaceId: string }) {
  const [{ entries, thread }, threads] = [useThread(chatId, rootId), useThreads(workspaceId)];
  return `${thread?.unreadCount} ${entries.length} ${threads?.length}`;
}

export const describe = (event: Event): string =>
  event.kind === 'message.created' ? event.message.content : event.kind;
export const storage = () => localStorageStorage('mine');
