import { expect, test } from 'vitest';
import { allows, permissions } from './index.ts';

test('a role has its own permissions and those of lower roles; a non-member has only those of readers', () => {
  expect((['Member', 'Admin', 'Owner'] as const).map((role) => allows('chat.update', role))).toEqual([
    false,
    true,
    true,
  ]);
  expect(allows('workspace.export', 'Admin')).toBe(false);
  expect(allows('message.send', null)).toBe(false);
  expect(allows('chat.join', null)).toBe(true);
  expect(allows('chat.join', 'Guest')).toBe(false);
  expect(allows('chat.leave', 'Guest')).toBe(true);
  expect(
    (['workspace.read', 'workspace.leave', 'chat.create', 'workspace.invite'] as const).map((one) =>
      allows(one, 'Guest'),
    ),
  ).toEqual([true, true, false, false]);
  const pins = (['Group', 'Single', 'PrivateChannel', 'PublicChannel', undefined] as const).map((chatType) => [
    allows('message.pin', 'Member', chatType),
    allows('message.pin', 'Admin', chatType),
  ]);
  const [every, admins] = [
    [true, true],
    [false, true],
  ];
  expect(pins).toEqual([every, every, admins, admins, every]);
});

test('the name of a permission begins with its noun', () => {
  for (const name of Object.keys(permissions))
    expect(name).toMatch(/^(workspace|bot|emoji|chat|message|thread)\.[a-z][A-Za-z]+$/);
});
