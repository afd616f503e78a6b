import { v7 as uuidv7 } from 'uuid';
import { type Move, sentIn, someChat } from './choices.ts';
import type { SentMessage } from './scene.ts';

/** An app says something through its store: the outbox repeats it by itself for as long as nobody answers. */
export const sendFromStore: Move = async (scene, chance) => {
  const owners = [...scene.outboxes.entries()];
  if (owners.length === 0) return;
  const [device, { person, store }] = chance.pick(owners);
  const chat = someChat(scene, chance);
  const content = `chaos ${uuidv7()} from a store`;
  const { clientId, sent } = store.send(chat.id, content);
  const message: SentMessage = {
    clientId,
    chatId: chat.id,
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

/** An app reacts through its store, which shows it at once; whatever is refused is undone. */
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

const deviceIds = new WeakMap<object, string>();

function laneOf(device: object): string {
  const known = deviceIds.get(device) ?? uuidv7();
  deviceIds.set(device, known);
  return known;
}
