import { UserExportLine, WorkspaceExportLine } from '@fechatter/contract';
import { wireFormOf } from '@fechatter/rest';
import { type ChangeContext, makeChange } from '../change/change.ts';
import { userSteps } from './user-steps.ts';
import { allPages, type Exporter } from './walk.ts';
import { workspaceSteps } from './workspace-steps.ts';

/** What an operator exports. */
export interface Exported {
  readonly of: 'user' | 'workspace';
  readonly id: string;
}
export type ExportDeps = Exporter & ChangeContext['deps'];

/**
 * The operator's export in REST's form, a page of lines at a time; for a workspace it includes all chats, also those
 * that no Owner is in. It is recorded in the audit log before the first line.
 */
export async function* exportedPages(deps: ExportDeps, { of, id }: Exported): AsyncGenerator<readonly unknown[]> {
  const scope = { id, callerId: null };
  await makeChange({ deps }, async (change) =>
    of === 'user'
      ? change.note('account.exported', { userId: id })
      : change.note('workspace.exported', { workspaceId: id }),
  );
  if (of === 'user') yield* inWireForm(allPages(deps, userSteps, scope), wireFormOf(UserExportLine));
  else yield* inWireForm(allPages(deps, workspaceSteps, scope), wireFormOf(WorkspaceExportLine));
}

async function* inWireForm<Line>(pages: AsyncGenerator<readonly Line[]>, form: (line: Line) => unknown) {
  for await (const page of pages) yield page.map(form);
}
