import type { Passkey, WireUserExportLine } from '@fechatter/contract';
import { nextStep, type Step, step } from './walk.ts';

const behind = ({ id }: { readonly id: string }) => ({ id });

/** How a person signs in, apart from the password: no secret, and no key. */
export const factorSteps: readonly Step<WireUserExportLine>[] = [
  step<{ id: string; added_at: Date | null; codes: number }, WireUserExportLine>({
    name: 'second-factors',
    text: `select scope.id, (select f.confirmed_at from totp_factors f where f.user_id = scope.id) as added_at,
        (select count(*)::int from recovery_codes c where c.user_id = scope.id) as codes
      from scope where scope.id > $4 limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'secondFactors', totpAddedAt: row.added_at, recoveryCodesLeft: row.codes }),
    behind,
    atEnd: nextStep,
  }),
  step<Passkey, WireUserExportLine>({
    name: 'passkeys',
    text: `select p.id, p.name, p.is_synced as "isSynced", p.created_at as "createdAt", p.last_used_at as "lastUsedAt"
      from scope join passkeys p on p.user_id = scope.id where p.id > $4 order by p.id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'passkey', ...row }),
    behind,
    atEnd: nextStep,
  }),
];
