import { loggedEvents, type Permission, permissions, type Reason, reasons } from '@fechatter/contract';
import { procedures as notifyProcedures } from '@fechatter/notify';
import { procedures as serverProcedures } from '@fechatter/server';
import type { OpenApiMeta } from '@fechatter/service-kit';

interface Described {
  readonly _def: {
    readonly type: string;
    readonly meta?: { readonly openapi: OpenApiMeta; readonly permission?: Permission };
  };
}

function procedureRow(path: string, { _def: { type, meta } }: Described): string {
  if (meta === undefined) throw new Error(`${path} has no description`);
  const { method, path: route, successStatus = 200, summary, description = '', refusals = [] } = meta.openapi;
  const needs = meta.permission === undefined ? '' : `Needs \`${meta.permission}\`.`;
  const why = refusals.map((reason) => `\`${reason}\``).join(', ');
  return `| \`${path}\` | ${type} | ${method} /api${route} | ${successStatus} | ${summary}. ${description} ${needs} ${why} |`.replaceAll(
    / {2,}/g,
    ' ',
  );
}

function procedureTable(service: string, record: Record<string, Record<string, Described>>): string {
  const sections = Object.entries(record).map(([feature, verbs]) => {
    const rows = Object.entries(verbs).map(([verb, procedure]) => procedureRow(`${feature}.${verb}`, procedure));
    return `### ${feature}\n\n| procedure | | REST | | what it does, and the reasons for which it is refused |\n|---|---|---|--:|---|\n${rows.join('\n')}`;
  });
  return `## On ${service}\n\n${sections.join('\n\n')}`;
}

function eventTable(): string {
  const rows = loggedEvents.map(({ kind, effect }) => {
    const note = {
      opens: 'begins a membership',
      opens_all: "begins its members' memberships",
      ends: 'ends a membership',
      ends_all: 'ends all memberships',
      changes: 'may make a person a Guest, or end that',
    };
    return `| \`${kind}\` | ${effect === undefined ? '' : note[effect]} |`;
  });
  return `## Events\n\n\`contract/src/<noun>/events.ts\` defines the shape of each. A stream also sends \`ready\` and \`reset\`.\n\n| kind | |\n|---|---|\n${rows.join('\n')}`;
}

function permissionTable(): string {
  const roles = { Reader: 'everyone who may see it', Former: 'members and former members' } as const;
  const rows = Object.entries(permissions).map(([name, rule]) => {
    const role = rule.role === 'Reader' || rule.role === 'Former' ? roles[rule.role] : `\`${rule.role}\``;
    const inChannels = 'roleInChannels' in rule ? `, in channels \`${rule.roleInChannels}\`` : '';
    return `| \`${name}\` | ${rule.scope} | ${role}${inChannels} | ${'refusesSingle' in rule ? 'never in a Single chat' : ''} |`;
  });
  return `## Permissions\n\nThe lowest role that each needs. In public channels, Admins and Owners of the workspace have the same rights as those of the channel.\n\n| permission | in a | role | |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function reasonTable(): string {
  const rows = Object.entries(reasons).map(
    ([reason, [code, sentence]]: [string, (typeof reasons)[Reason]]) => `| \`${reason}\` | ${code} | ${sentence} |`,
  );
  return `## Reasons\n\n| \`data.reason\` | code | |\n|---|---|---|\n${rows.join('\n')}`;
}

/** The text of docs/api.md, made from the definitions of procedures, permissions, events and reasons. */
export function apiDoc(): string {
  return [
    '# API',
    'Written by `npx -y pnpm@12 docs:api` from the procedures, permissions, events and reasons. In tRPC and the SDK, names are in camelCase and times are `Date`. Over REST, names are in snake_case and times are ISO 8601 in UTC.',
    procedureTable('server', serverProcedures as unknown as Record<string, Record<string, Described>>),
    procedureTable('notify', notifyProcedures as unknown as Record<string, Record<string, Described>>),
    permissionTable(),
    eventTable(),
    reasonTable(),
    '',
  ].join('\n\n');
}
