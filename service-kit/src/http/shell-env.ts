import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';

/** What every handler below the shell finds in its context. */
export interface ShellEnv {
  /** Absent where a test calls `app.request()` without a socket. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    clientAddress: string;
  };
}
export type ShellApp = Hono<ShellEnv>;
export type ShellContext = Context<ShellEnv>;
