import { auditVerify } from './audit/verify.ts';
import type { Command } from './command.ts';
import { databasePrepare } from './database-prepare.ts';
import { doctor } from './doctor/doctor.ts';
import { importData } from './import-data.ts';
import { filesMove } from './files/move.ts';
import { filesScrub } from './files/scrub.ts';
import { keysRotate } from './keys-rotate.ts';
import { logReset } from './log-reset.ts';
import { searchRebuild } from './search/rebuild.ts';
import { searchStatus } from './search/status.ts';
import { usersDropFactors } from './users/drop-factors.ts';
import { serviceKeysCreate } from './service-keys/create.ts';
import { serviceKeysList } from './service-keys/list.ts';
import { serviceKeysRevoke } from './service-keys/revoke.ts';
import { usersErase } from './users/erase.ts';
import { usersExport } from './users/export.ts';
import { usersList } from './users/list.ts';
import { usersReactivate } from './users/reactivate.ts';
import { usersShow } from './users/show.ts';
import { usersSuspend } from './users/suspend.ts';
import { usersVerify } from './users/verify.ts';
import { workspacesExport } from './workspaces/export.ts';
import { workspacesRetention } from './workspaces/retention.ts';
import { workspacesList } from './workspaces-list.ts';

/** All commands, by the words that call them. */
export const commands: Readonly<Record<string, Command>> = {
  'users list': usersList,
  'users show': usersShow,
  'users suspend': usersSuspend,
  'users reactivate': usersReactivate,
  'users verify': usersVerify,
  'users drop-factors': usersDropFactors,
  'users export': usersExport,
  'users erase': usersErase,
  'service-keys create': serviceKeysCreate,
  'service-keys list': serviceKeysList,
  'service-keys revoke': serviceKeysRevoke,
  'workspaces list': workspacesList,
  'workspaces export': workspacesExport,
  'workspaces retention': workspacesRetention,
  'audit verify': auditVerify,
  'database prepare': databasePrepare,
  import: importData,
  'files move': filesMove,
  'files scrub': filesScrub,
  'keys rotate': keysRotate,
  'log reset': logReset,
  'search rebuild': searchRebuild,
  'search status': searchStatus,
  doctor,
};
