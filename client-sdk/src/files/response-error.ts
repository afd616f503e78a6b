import { TRPCClientError } from '@trpc/client';
import type { FechatterRouter } from '../wire.ts';

interface Body {
  readonly error?: {
    readonly code?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly request_id?: string;
  };
}

/** A proxy in front of the service returned an error of its own. */
export class ForeignResponse extends Error {
  override readonly name = 'ForeignResponse';
  readonly status: number;

  constructor(status: number) {
    super(`the server returned ${status}`);
    this.status = status;
  }
}

/** What a refusal over plain HTTP throws: the same as one of a procedure. */
export async function responseError(response: Response): Promise<Error> {
  const body = (await response.json().catch(() => undefined)) as Body | undefined;
  const { code, reason, message, request_id: requestId } = body?.error ?? {};
  if (reason === undefined) return new ForeignResponse(response.status);
  const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
  return TRPCClientError.from<FechatterRouter>({
    error: {
      code: -32_000,
      message: message ?? reason,
      data: {
        code,
        reason,
        httpStatus: response.status,
        requestId,
        ...(Number.isFinite(retryAfterS) && { retryAfterMs: retryAfterS * 1_000 }),
      },
    },
  } as never);
}
