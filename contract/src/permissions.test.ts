import { expect, test } from 'vitest';
import { allows, permissions } from './index.ts';

test('a role may do what takes it or less, and nobody else but readers may do anything', () => {
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

test('a permission is named after what it is about', () => {
  for (const name of Object.keys(permissions))
    expect(name).toMatch(/^(workspace|chat|message|thread)\.[a-z][A-Za-z]+$/);
});
