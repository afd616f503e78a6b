import { createHash } from 'node:crypto';
import type { JsonSchema } from './open-api.ts';
import type { SchemaBook } from './schema-book.ts';

/** Sample values: by noun and key, then by key, otherwise derived from the schema. */
const samples: Readonly<Record<string, unknown>> = {
  avatar_url: 'https://example.com/ada.png',
  content: 'The engine weaves algebraic patterns.',
  current: true,
  cursor: 'eyJuIjoxfQ',
  challenge: 'Zr8kQm0yv3oT1c9XwJ5uLgAZNhVjCqf0Cb7rD1uXo2mA',
  code: '492039',
  recovery_codes: ['k3vd-92nw-pq7x-hc5m'],
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  'NewWebhook.secret': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  'NewWebhookSecret.secret': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  'Webhook.url': 'https://hooks.example.com/fechatter',
  kinds: ['message.created', 'message.updated'],
  off_reason: null,
  failing_since: null,
  dropped_at: null,
  'Delivery.status': 204,
  'Delivery.failure': null,
  'Delivery.state': 'Delivered',
  'Delivery.due_at': null,
  'TotpSecret.url':
    'otpauth://totp/Fechatter:ada%40example.com?issuer=Fechatter&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  p256dh: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
  auth: 'Bkz2nOdHfkIn-BzjOOwv3A',
  chat_type: 'Group',
  deleted_at: null,
  description: 'Where the engine is built',
  edited_at: null,
  email: 'ada@example.com',
  event_cursor: 'AZ8Hq3kAAAABAAAAAA',
  full_name: 'Ada Lovelace',
  sender_name: 'Ada Lovelace',
  'MemberUser.name': 'Ada Lovelace',
  'Sender.name': 'Ada Lovelace',
  'Workspace.name': 'Analytical Engine',
  'Chat.name': 'Looms',
  'ChatRow.name': 'Looms',
  'Channel.name': 'looms',
  'Emoji.name': 'parrot',
  'emoji.name': 'parrot',
  'file.chat_id': exampleId('chat_id'),
  name: 'Looms',
  ip: '203.0.113.7',
  last_event_id: 'AZ8Hq3kAAAABAAAAAA',
  max_uses: 1,
  member_count: 12,
  next_cursor: null,
  password: 'correct horse battery staple',
  current_password: 'correct horse battery staple',
  new_password: 'incorrect zebra battery staple',
  query: 'engine',
  quiet_hours: { from: '22:00', to: '07:00', days: [1, 2, 3, 4, 5], time_zone: 'Europe/Berlin' },
  ranges: [[4, 10]],
  refresh_token: 'fr_Zr8kQm0yv3oT1c9XwJ5uLg',
  device_token: 'AZNhVjCqf0Cb7rD1uXo2mA',
  api_key: 'fck_019a0b1c2d3e700080000123456789ab_3vQ9xk2mT7dLpW0sZr8kQmyv3oT1c9XwJ5uLgAZNhVj1cqF0b',
  scopes: ['read', 'message.send'],
  status: 'Active',
  ticket: 'pW4yq1Yh0sV7m2KcT9bNfA',
  token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl',
  user_agent: 'curl/8.14.1',
};
const INSTANT = '2026-11-22T10:00:00.000Z';

/** An example value of a schema; the same at every start. */
export function exampleOf(book: SchemaBook, schema: JsonSchema, key = '', noun = ''): unknown {
  const { schema: resolved, name = noun } = book.resolved(schema);
  const sample = samples[`${noun}.${key}`] ?? samples[key];
  if (sample !== undefined || Object.hasOwn(samples, key)) return sample ?? null;
  if (resolved.default !== undefined) return resolved.default;
  if (resolved.const !== undefined) return resolved.const;
  if (resolved.enum) return resolved.enum[0];
  const choices = resolved.anyOf ?? resolved.oneOf;
  if (choices?.[0]) return exampleOf(book, choices[0], key, noun);
  if (resolved.properties) return exampleObject(book, resolved, name);
  if (resolved.type === 'object') return {};
  if (resolved.items) return [exampleOf(book, resolved.items, singular(key), noun)];
  return exampleScalar(resolved, key === 'id' ? `${noun.toLowerCase()}_id` : key);
}

/** The required keys, and those that need a sample of their own; all keys if none is required. Responses have all their keys. */
function exampleObject(book: SchemaBook, { properties = {}, required = [] }: JsonSchema, noun: string) {
  const entries = Object.entries(properties);
  const chosen =
    required.length === 0
      ? entries
      : entries.filter(([key]) => required.includes(key) || Object.hasOwn(samples, `${noun}.${key}`));
  return Object.fromEntries(chosen.map(([key, schema]) => [key, exampleOf(book, schema, key, noun)]));
}

function exampleScalar({ type, format, minimum = 0 }: JsonSchema, key: string): unknown {
  if (format === 'uuid') return exampleId(key);
  if (format === 'date-time') return INSTANT;
  if (format === 'date') return INSTANT.slice(0, 10);
  if (type === 'integer' || type === 'number') return Math.max(minimum, 1);
  if (type === 'boolean') return false;
  return type === 'null' ? null : 'text';
}

const singular = (key: string) => (key === 'member_ids' ? 'user_id' : key.replace(/s$/, ''));

/** One id per kind of thing, so that examples are consistent. */
function exampleId(key: string): string {
  return `019a0b1c-2d3e-7000-8000-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}
