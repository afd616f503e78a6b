import {
  BotScope,
  groupOfPermission,
  type Permission,
  permissions,
  type Role,
  type ScopeGroup,
  scopeGroups,
} from '@fechatter/contract';
import { isAtLeast } from '../access/role.ts';

const isGroup = (scope: BotScope): scope is ScopeGroup => scopeGroups.some((group) => group === scope);

/** Whether a role in the workspace has the permission. Permissions in chats depend on the chat. */
const mayGive = (role: Role, permission: Permission): boolean => {
  const rule = permissions[permission];
  return rule.scope === 'chat' || isAtLeast(role, rule.role);
};

/**
 * These scopes without the permissions that a person with this role does not have: a group with such a permission is replaced by
 * its other permissions. In the order of {@link BotScope}, each once.
 */
export function grantableScopes(asked: readonly BotScope[], role: Role): readonly BotScope[] {
  const given = asked.flatMap((scope) => {
    if (!isGroup(scope)) return mayGive(role, scope) ? [scope] : [];
    const members = BotScope.options.filter((one) => !isGroup(one) && groupOfPermission[one] === scope);
    const left = members.filter((one) => isGroup(one) || mayGive(role, one));
    return left.length === members.length ? [scope] : left;
  });
  return BotScope.options.filter((scope) => given.includes(scope));
}
