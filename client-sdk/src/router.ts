import type { procedures as notifyProcedures } from '@fechatter/notify';
import type { procedures as serverProcedures } from '@fechatter/server';
import type { ErrorShape } from '@fechatter/service-kit';
import type { TRPCBuiltRouter } from '@trpc/server';

/** Every procedure of both services under one root. */
export type FechatterRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: true },
  typeof serverProcedures & typeof notifyProcedures
>;
