import type { Reason } from '@fechatter/contract';
import type { z } from 'zod';

/** How REST serves a procedure: the source of its route, the OpenAPI document, the explorer and the panel. */
export interface OpenApiMeta {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`, parameters in snake_case and braces: `/chats/{chat_id}/messages`. */
  readonly path: `/${string}`;
  /** The status of a successful response; default 200. 202 (accepted: it happens later) and 204 mean without a body. */
  readonly successStatus?: 200 | 201 | 202 | 204;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Rules, limits and the reasons of errors, in full sentences. */
  readonly description?: string;
  readonly tags: readonly string[];
  /** Reasons of errors, besides those that every procedure has, for the document. */
  readonly refusals?: readonly Reason[];
  /** Set if REST writes the output in another form. */
  readonly rest?: { readonly output: z.ZodType; readonly write: (output: never) => unknown };
  /** False for procedures that anyone may call. */
  readonly isProtected?: boolean;
}
