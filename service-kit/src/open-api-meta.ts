import type { Reason } from '@fechatter/contract';
import type { z } from 'zod';

/** How a procedure stands in REST: what routes, the OpenAPI document, the explorer and the panel are made from. */
export interface OpenApiMeta {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`, parameters in snake_case and braces: `/chats/{chat_id}/messages`. */
  readonly path: `/${string}`;
  /** What an answer without error has; 200 where nothing is said, 204 means without a body. */
  readonly successStatus?: 200 | 201 | 204;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Rules, limits and the reasons of refusals, in full sentences. */
  readonly description?: string;
  readonly tags: readonly string[];
  /** Reasons beside those that every procedure has, for the document. */
  readonly refusals?: readonly Reason[];
  /** Where REST writes the same answer in another form. */
  readonly rest?: { readonly output: z.ZodType; readonly write: (output: never) => unknown };
  /** False for procedures that anyone may call. */
  readonly isProtected?: boolean;
}
