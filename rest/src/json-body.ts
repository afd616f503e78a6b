import { bodyText, isWithoutBody, refuse, type ShellContext } from '@fechatter/service-kit';
import { TRPCError } from '@trpc/server';

/** The parsed JSON body; undefined if there is no body. */
export async function jsonBody(c: ShellContext): Promise<unknown> {
  if (isWithoutBody(c)) return undefined;
  try {
    const text = await bodyText(c);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch (error) {
    if (error instanceof TRPCError) throw error;
    // The body is not JSON, or the caller disconnected while sending it.
    throw refuse('invalid_json', { cause: error });
  }
}
