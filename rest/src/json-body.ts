import { isWithoutBody, refuse, type ShellContext } from '@fechatter/service-kit';
import { TRPCError } from '@trpc/server';

/** Refuses a body that is not announced as JSON. No body needs no content type. */
export function expectJson(c: ShellContext): void {
  const type = c.req.raw.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json' && !isWithoutBody(c)) throw refuse('unsupported_media_type');
}

/** The body's JSON; undefined where there is no body. */
export async function jsonBody(c: ShellContext): Promise<unknown> {
  if (isWithoutBody(c)) return undefined;
  try {
    const text = await c.req.raw.text();
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch (error) {
    if (error instanceof TRPCError) throw error;
    // Not JSON, or a caller who went away in the middle of it.
    throw refuse('invalid_json', { cause: error });
  }
}
