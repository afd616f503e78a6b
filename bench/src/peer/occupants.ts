import type { Crowd } from '../fanout/contender.ts';
import { startSubscribers, type StreamRequest } from '../load/subscribers.ts';
import { roomAddress, streamHead } from './ejabberd-config.ts';
import { type Rooms, senderOf } from './system.ts';
import { textOf } from './text.ts';

/** The status that a person receives after entering a room. */
const ENTERED = "<status code='110'/>";
const MESSAGE_END = '</message>';

/** Lets anonymous people enter rooms, each over their own connection, in raw XMPP. */
export async function fillRooms(folder: string, port: number, crowd: Crowd): Promise<Rooms> {
  const size = crowd.subscribers / crowd.rooms;
  const addressOf = (number: number) => roomAddress(`room-${size}-${number % crowd.rooms}`);
  const subscribers = startSubscribers(folder);
  const requests = Array.from({ length: crowd.subscribers }, (_, person) => entering(port, addressOf(person), person));
  await subscribers.open(requests, ENTERED, MESSAGE_END);
  subscribers.expect(size);
  return {
    subscribers,
    async send(mark) {
      const message = `<message to='${addressOf(mark)}' type='groupchat'><body>${textOf(mark)}</body></message>`;
      subscribers.write(senderOf(mark, crowd), message);
    },
    [Symbol.asyncDispose]: () => subscribers.stop('SIGKILL'),
  };
}

const entering = (port: number, address: string, person: number): StreamRequest => ({
  port,
  head: streamHead,
  steps: [
    {
      after: '</stream:features>',
      write: `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>`,
    },
    { after: '<success', write: streamHead },
    {
      after: '</stream:features>',
      write: `<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>`,
    },
    {
      after: "id='bind'",
      write: `<presence to='${address}/person-${person}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>`,
    },
  ],
});
