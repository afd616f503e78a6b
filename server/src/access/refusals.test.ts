import { type Permission, permissions } from '@fechatter/contract';
import type { OpenApiMeta } from '@fechatter/service-kit';
import { expect, test } from 'vitest';
import { procedures } from '../router.ts';

interface Described {
  readonly _def: { readonly meta?: { readonly openapi?: OpenApiMeta; readonly permission?: Permission } };
}

test('every procedure that an archived chat refuses documents that reason', () => {
  const described = Object.entries<Record<string, unknown>>(procedures).flatMap(([feature, record]) =>
    Object.entries(record).map(([verb, procedure]) => ({
      path: `${feature}.${verb}`,
      ...(procedure as Described)._def.meta,
    })),
  );
  const refusing = described.filter(({ permission }) => permission && 'refusesArchived' in permissions[permission]);
  expect(refusing.length).toBeGreaterThan(5);
  const silent = refusing.filter(({ openapi }) => !openapi?.refusals?.includes('chat_archived'));
  expect(silent.map(({ path }) => path)).toEqual([]);
});
