import type { WebhookKind } from '@fechatter/client';
import { Refusal } from '../ui/refusal.ts';
import { texts } from './texts.ts';

/** The chosen kinds of a form; throws if there is none. */
export function kindsOf(fields: FormData): WebhookKind[] {
  const chosen = new Set(fields.getAll('kinds'));
  const kinds = (Object.keys(texts.kinds) as WebhookKind[]).filter((kind) => chosen.has(kind));
  if (kinds.length === 0) throw new Refusal(texts.chooseKind);
  return kinds;
}
