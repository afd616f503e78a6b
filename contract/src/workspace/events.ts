import { defineEvent } from '../event/define.ts';
import { ofWorkspace } from '../event/plain-form.ts';
import { WorkspaceProfile } from './workspace.ts';

export const workspaceEvents = [
  defineEvent({
    kind: 'workspace.updated',
    code: 20,
    scope: 'workspace',
    isForGuests: true,
    needs: ['workspace'],
    changes: ['workspace'],
    shape: { workspace: WorkspaceProfile },
    read: ({ workspace }) => ({ workspace }),
    plain: (e) => ofWorkspace(e, 'updated'),
  }),
  defineEvent({
    kind: 'workspace.deleted',
    code: 33,
    scope: 'workspace',
    isForGuests: true,
    effect: 'ends_all',
    changes: ['workspace'],
    shape: {},
    read: () => ({}),
    plain: (e) => ofWorkspace(e, 'deleted'),
  }),
] as const;
