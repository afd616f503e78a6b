import { loggedEvents, type Reason, reasons } from '@fechatter/contract';
import { procedures as notifyProcedures } from '@fechatter/notify';
import { procedures as serverProcedures } from '@fechatter/server';
import type { OpenApiMeta } from '@fechatter/service-kit';

interface Described {
  readonly _def: { readonly type: string; readonly meta?: { readonly openapi: OpenApiMeta } };
}

function procedureRow(path: string, { _def: { type, meta } }: Described): string {
  if (meta === undefined) throw new Error(`${path} has no description`);
  const { method, path: route, successStatus = 200, summary, description = '', refusals = [] } = meta.openapi;
  const why = refusals.map((reason) => `\`${reason}\``).join(', ');
  return `| \`${path}\` | ${type} | ${method} /api${route} | ${successStatus} | ${summary}. ${description} ${why} |`.replaceAll(
    '  ',
    ' ',
  );
}

function procedureTable(service: string, record: Record<string, Record<string, Described>>): string {
  const sections = Object.entries(record).map(([feature, verbs]) => {
    const rows = Object.entries(verbs).map(([verb, procedure]) => procedureRow(`${feature}.${verb}`, procedure));
    return `### ${feature}\n\n| procedure | | REST | | what it does, and why it refuses |\n|---|---|---|--:|---|\n${rows.join('\n')}`;
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
    };
    return `| \`${kind}\` | ${effect === undefined ? '' : note[effect]} |`;
  });
  return `## Events\n\nEach has the shape that its definition in \`contract/src/<noun>/events.ts\` gives; \`ready\` and \`reset\` come beside them.\n\n| kind | |\n|---|---|\n${rows.join('\n')}`;
}

function reasonTable(): string {
  const rows = Object.entries(reasons).map(
    ([reason, [code, sentence]]: [string, (typeof reasons)[Reason]]) => `| \`${reason}\` | ${code} | ${sentence} |`,
  );
  return `## Reasons\n\n| \`data.reason\` | code | |\n|---|---|---|\n${rows.join('\n')}`;
}

/** The text of docs/api.md: everything in it is said where the procedures, events and reasons are defined. */
export function apiDoc(): string {
  return [
    '# API',
    'Written by `npx -y pnpm@12 docs:api` from the procedures, events and reasons themselves. In tRPC and the SDK names are in camelCase and times are `Date`; over REST names are in snake_case and times are ISO 8601 in UTC.',
    procedureTable('server', serverProcedures as unknown as Record<string, Record<string, Described>>),
    procedureTable('notify', notifyProcedures as unknown as Record<string, Record<string, Described>>),
    eventTable(),
    reasonTable(),
    '',
  ].join('\n\n');
}
