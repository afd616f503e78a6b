import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { AnswerHold } from './answer-hold.ts';

/** What every handler below the shell finds in its context. */
export interface ShellEnv {
  /** Absent where a test calls `app.request()` without a socket. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    clientAddress: string;
    /** Set where a body is longer than its caller may send: whoever reads it refuses it. */
    isBodyTooLarge?: boolean;
    /** Where the parts of a long answer are counted until they are read. */
    answer: AnswerHold;
  };
}
export type ShellApp = Hono<ShellEnv>;
export type ShellContext = Context<ShellEnv>;
