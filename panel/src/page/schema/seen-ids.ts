const KEPT_PER_KEY = 20;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const nouns: Readonly<Record<string, string>> = {
  auth: 'user',
  channels: 'chat',
  members: 'user',
  sender: 'user',
  lastMessage: 'message',
  deliveries: 'delivery',
  incomingWebhook: 'webhook',
  incomingWebhooks: 'webhook',
  push: 'subscription',
};
/** Inputs need the ids of these nouns under another key too: a bot is added to chats as a user. */
const alsoKnownAs: Readonly<Record<string, string>> = { bot: 'user' };

/** Ids from responses and events, newest first, by the key under which inputs need them. */
export class SeenIds {
  readonly #byKey = new Map<string, string[]>();

  of(key: string): readonly string[] {
    return this.#byKey.get(key) ?? [];
  }

  /** Records the ids in a value. An `id` is that of the noun around it: `chats: [{ id }]` provides a `chatId`. */
  note(noun: string, value: unknown, depth = 0): void {
    if (typeof value !== 'object' || value === null || depth > 6) return;
    if (Array.isArray(value)) {
      for (const item of value.toReversed()) this.note(noun, item, depth + 1);
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && UUID.test(inner)) {
        this.#add(key === 'id' ? `${noun}Id` : key, inner);
        const other = key === 'id' ? alsoKnownAs[noun] : undefined;
        if (other !== undefined) this.#add(`${other}Id`, inner);
      } else this.note(nouns[key] ?? key.replace(/s$/, ''), inner, depth + 1);
    }
  }

  /** As `note`, for what a procedure returned or yielded. */
  noteResult(procedure: string, value: unknown): void {
    const [router = ''] = procedure.split('.');
    this.note(procedure === 'workspace.invite' ? 'invite' : (nouns[router] ?? router), value);
  }

  #add(key: string, id: string): void {
    const others = this.of(key).filter((other) => other !== id);
    this.#byKey.set(key, [id, ...others].slice(0, KEPT_PER_KEY));
  }
}
