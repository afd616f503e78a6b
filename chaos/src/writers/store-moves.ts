import { v7 as uuidv7 } from 'uuid';
import { type Move, sentIn, someChat } from './choices.ts';
import type { Scene, SentMessage } from './scene.ts';

/** An app sends through its store; the outbox repeats the call until it has a response. */
export const sendFromStore: Move = async (scene, chance) => {
  const owners = [...scene.outboxes.entries()];
  if (owners.length === 0) return;
  const [device, { person, store }] = chance.pick(owners);
  const chat = someChat(scene, chance);
  const content = `chaos ${uuidv7()} from a store`;
  const threadId = chance.hits(0.3) ? rootIn(scene, chat.id) : undefined;
  const { clientId, sent } = store.send(chat.id, content, threadId);
  const message: SentMessage = {
    clientId,
    chatId: chat.id,
    threadId,
    sender: person,
    contents: new Set([content]),
    lane: `${laneOf(device)} ${chat.id}`,
    isDeleted: false,
  };
  scene.sent.push(message);
  const sending: Promise<void> = sent
    .then(
      ({ id, seq, number }) => void (message.acked = { id, seq, number }),
      () => {},
    )
    .finally(() => scene.underWay.delete(sending));
  scene.underWay.set(sending, device);
};

/** An app reacts through its store, which shows the reaction at once and removes it if it is refused. */
export const reactFromStore: Move = async (scene, chance) => {
  const owners = [...scene.outboxes.entries()];
  const message = sentIn(scene, chance);
  if (owners.length === 0 || message?.acked === undefined) return;
  const [device, { store }] = chance.pick(owners);
  const verb = chance.hits(0.7) ? 'react' : 'unreact';
  const reacting: Promise<void> = store[verb](message.chatId, message.acked.id, '🎈')
    .catch(() => {})
    .finally(() => scene.underWay.delete(reacting));
  scene.underWay.set(reacting, device);
};

/** A message that others may have replied to too. */
const rootIn = (scene: Scene, chatId: string) =>
  scene.sent.findLast(
    (one) =>
      one.chatId === chatId && one.threadId === undefined && one.acked !== undefined && one.acked.number % 6 === 1,
  )?.acked?.id;

const deviceIds = new WeakMap<object, string>();

function laneOf(device: object): string {
  const known = deviceIds.get(device) ?? uuidv7();
  deviceIds.set(device, known);
  return known;
}
