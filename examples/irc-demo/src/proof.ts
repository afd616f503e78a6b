import type { Ledger } from './subscriber.ts';

/** The acknowledged messages of one channel, in the order of the replayed log. */
export interface Sent {
  readonly channel: string;
  readonly chatId: string;
  readonly ids: readonly string[];
}

/** The messages that one subscriber received of one channel, compared with those sent. */
export interface Finding {
  readonly channel: string;
  readonly messages: number;
  readonly lost: number;
  readonly repeated: number;
  readonly phantom: number;
  readonly outOfOrder: number;
}

/** Compares a ledger with what was sent, channel by channel. */
export function prove(sent: readonly Sent[], ledger: Ledger): Finding[] {
  return sent.map(({ channel, chatId, ids }) => {
    const arrived = ledger[chatId] ?? [];
    const seen = new Set(arrived.map(([id]) => id));
    const known = new Set(ids);
    const order = arrived.filter(([id]) => known.has(id)).map(([id]) => id);
    return {
      channel,
      messages: ids.length,
      lost: ids.filter((id) => !seen.has(id)).length,
      repeated: arrived.length - seen.size,
      phantom: [...seen].filter((id) => !known.has(id)).length,
      outOfOrder:
        arrived.filter(([, seq], index) => seq <= (arrived[index - 1]?.[1] ?? 0)).length +
        order.filter((id, index) => id !== ids[index]).length,
    };
  });
}

export const isPerfect = ({ lost, repeated, phantom, outOfOrder }: Finding): boolean =>
  lost + repeated + phantom + outOfOrder === 0;
