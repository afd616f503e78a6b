import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { ResponseHold } from './response-hold.ts';

/** The context of every handler below the shell. */
export interface ShellEnv {
  /** Absent if a test calls `app.request()` without a socket. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    clientAddress: string;
    /** Set if a body is longer than its caller may send: reading it throws. */
    isBodyTooLarge?: boolean;
    /** Counts the parts of a long response until they are read. */
    responseHold: ResponseHold;
  };
}
export type ShellApp = Hono<ShellEnv>;
export type ShellContext = Context<ShellEnv>;
