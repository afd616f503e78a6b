import { definitionOfCode, type EventDefinition, loggedEvents } from '@fechatter/contract';
import {
  type Database,
  kindOfDelivery,
  type LogEntry,
  type MessageCipher,
  showNouns,
  visibleEvent,
} from '@fechatter/drizzle';
import { wireFormOf } from '@fechatter/rest';
import type { z } from 'zod';
import type { NextDelivery } from './next-delivery.ts';

export interface BodyDeps {
  readonly db: Database;
  readonly cipher: MessageCipher;
  readonly onUnreadable: (error: unknown) => void;
}

/** What a delivery sends; or that its event was pruned, or that the bot does not see it any more. */
export type DeliveryBody = { readonly text: string } | { readonly missing: 'event_gone' | 'not_visible' };

/** How far the clock may have stepped back between the end of a membership and the event. */
const CLOCK_MARGIN_MS = 600_000;

type Writer = (event: unknown) => unknown;
const writers: ReadonlyMap<string, Writer> = new Map(
  loggedEvents.map(({ kind, schema }) => [kind, wireFormOf(schema as z.ZodType)]),
);

/** The body of a delivery as the event is now, judged by what its bot can see now. */
export async function bodyOf(deps: BodyDeps, delivery: NextDelivery): Promise<DeliveryBody> {
  const { code, pos, nonce, happened_at: happenedAt, bot_id: botId } = delivery;
  if (code === null || pos === null || nonce === null) {
    const data = { webhook_id: delivery.webhook_id, delivery_id: delivery.id };
    return { text: JSON.stringify({ type: kindOfDelivery({ code: null }), timestamp: happenedAt, data }) };
  }
  const entry = await visibleEvent(deps.db.pool, botId, { pos, nonce }, happenedAt.getTime() - CLOCK_MARGIN_MS);
  if (entry === undefined) return { missing: (await isLogged(deps.db, pos, nonce)) ? 'not_visible' : 'event_gone' };
  const definition = definitionOfCode(entry.code);
  if (definition === undefined) throw new Error(`the log has a kind that this build does not know: ${entry.code}`);
  const { kind } = definition;
  const data = writers.get(kind)?.(eventOf(deps, definition, entry, botId));
  return { text: JSON.stringify({ type: kind, timestamp: happenedAt, data: withoutKind(data) }) };
}

function eventOf({ cipher, onUnreadable }: BodyDeps, definition: EventDefinition, entry: LogEntry, userId: string) {
  const nouns = showNouns(entry, { userId, cipher, onUnreadable });
  const read: (row: LogEntry, shown: typeof nouns, onUnreadable: (error: unknown) => void) => unknown = definition.read;
  return read(entry, nouns, onUnreadable);
}

function withoutKind(data: unknown): unknown {
  const { kind: _, ...rest } = data as Readonly<Record<string, unknown>>;
  return rest;
}

async function isLogged({ pool }: Database, pos: number, nonce: number): Promise<boolean> {
  const { rows } = await pool.query('select from log_order where pos = $1 and nonce = $2', [pos, nonce]);
  return rows.length > 0;
}
