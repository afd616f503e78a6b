import type { PushKind, WireUserExportLine } from '@fechatter/contract';
import { nextStep, step } from './walk.ts';

/** Where a person's devices receive pushes, without the secret addresses. */
export const pushStep = step<
  { id: string; kind: PushKind; session_id: string; host: string; created_at: Date },
  WireUserExportLine
>({
  name: 'push-subscriptions',
  text: `select p.id, p.kind, p.session_id, p.host, p.created_at
    from scope join push_subscriptions p on p.user_id = scope.id where p.id > $4 order by p.id limit $3`,
  values: ({ id }) => [id],
  line: ({ id, kind, session_id: sessionId, host, created_at: createdAt }) => ({
    type: 'pushSubscription',
    id,
    kind,
    sessionId,
    host,
    createdAt,
  }),
  behind: ({ id }) => ({ id }),
  atEnd: nextStep,
});
