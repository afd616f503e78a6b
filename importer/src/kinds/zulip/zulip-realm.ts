import type { Archive } from '../../archive/open-archive.ts';
import { jsonElements } from '../../archive/json-elements.ts';
import { type Fields, fieldsOf } from '../lenient.ts';
import { ReactionTable } from './reaction-table.ts';
import { idIn } from './zulip-json.ts';
import { zulipReaction } from './zulip-reaction.ts';

/** What a message is sent to: a person, a stream or a group, and which. */
interface Recipient {
  readonly type: number;
  readonly of: string;
}

/** What `realm.json` says: everything but the messages. */
export interface ZulipRealm {
  readonly users: readonly Fields[];
  readonly emoji: readonly Fields[];
  readonly streams: ReadonlyMap<string, Fields>;
  readonly recipients: ReadonlyMap<string, Recipient>;
  /** The subscribers of each recipient. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly reactions: ReactionTable;
}

/** Those of the organisation, those who were only written to, and the bots of Zulip itself. */
const USERS = ['zerver_userprofile', 'zerver_userprofile_mirrordummy', 'zerver_userprofile_crossrealm'];
const USER_FIELDS = ['id', 'full_name', 'email', 'delivery_email', 'is_bot', 'role'];

/** Reads the lists of `realm.json`, one element after the other. */
export async function zulipRealm(archive: Archive, name: string): Promise<ZulipRealm> {
  const users = USERS.map((): Fields[] => []);
  const emoji: Fields[] = [];
  const streams = new Map<string, Fields>();
  const recipients = new Map<string, Recipient>();
  const members = new Map<string, string[]>();
  const reactions = new ReactionTable();
  for await (const { list, value } of jsonElements(archive, name, 'lists')) {
    const fields = fieldsOf(value);
    const id = idIn(fields, 'id');
    if (USERS.includes(list)) users[USERS.indexOf(list)]?.push(userOf(fields, list));
    else if (list === 'zerver_realmemoji') emoji.push(fields);
    else if (list === 'zerver_stream' && id !== undefined) streams.set(id, fields);
    else if (list === 'zerver_recipient') {
      const of = idIn(fields, 'type_id');
      if (id !== undefined && of !== undefined) recipients.set(id, { type: Number(fields.type), of });
    } else if (list === 'zerver_subscription') subscribe(members, fields);
    else if (list === 'zerver_reaction') react(reactions, fields);
  }
  return { users: users.flat(), emoji, streams, recipients, members, reactions };
}

/** Without the many settings that Zulip keeps of a person. */
function userOf(fields: Fields, list: string): Fields {
  const user = Object.fromEntries(USER_FIELDS.map((field) => [field, fields[field]]));
  return list === USERS[2] ? { ...user, is_bot: true } : user;
}

function subscribe(members: Map<string, string[]>, subscription: Fields): void {
  const [person, recipient] = [idIn(subscription, 'user_profile'), idIn(subscription, 'recipient')];
  if (person === undefined || recipient === undefined || subscription.active === false) return;
  const known = members.get(recipient);
  if (known === undefined) members.set(recipient, [person]);
  else known.push(person);
}

function react(reactions: ReactionTable, fields: Fields): void {
  const { message, user_profile: person } = fields;
  if (typeof message === 'number' && typeof person === 'number') reactions.add(message, person, zulipReaction(fields));
}
