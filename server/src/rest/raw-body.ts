import type { ShellContext } from '@fechatter/service-kit';
import { Readable } from 'node:stream';
import { BodyBrokeOff } from '../file-content/store-refusal.ts';

/** The body of a request as it arrives. What is not read of it stays in the connection. */
export async function* rawBody({ env, req }: ShellContext): AsyncGenerator<Uint8Array> {
  const { body } = env?.incoming === undefined ? req.raw : { body: null };
  const stream = env?.incoming ?? (body === null ? Readable.from([]) : Readable.fromWeb(body as never));
  try {
    // Destroying a request would cut the connection that the response is for.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } catch (cause) {
    throw new BodyBrokeOff('the body broke off', { cause });
  }
}
