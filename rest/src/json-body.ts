import { bodyText, isWithoutBody, refuse, type ShellContext } from '@fechatter/service-kit';
import { TRPCError } from '@trpc/server';

/** The body's JSON; undefined where there is no body. */
export async function jsonBody(c: ShellContext): Promise<unknown> {
  if (isWithoutBody(c)) return undefined;
  try {
    const text = await bodyText(c);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch (error) {
    if (error instanceof TRPCError) throw error;
    // Not JSON, or a caller who went away in the middle of it.
    throw refuse('invalid_json', { cause: error });
  }
}
