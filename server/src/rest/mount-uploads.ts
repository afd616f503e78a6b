import { File, FileBegin, FileRef, limits, partSizeOf } from '@fechatter/contract';
import { type RestCall, wireFormOf } from '@fechatter/rest';
import {
  callerGone,
  hasUtf8Query,
  mustHaveScope,
  refuse,
  type ShellApp,
  type ShellContext,
} from '@fechatter/service-kit';
import type { z } from 'zod';
import { authenticate } from '../access/principal.ts';
import type { AuthedContext, Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { beginFile } from '../file/begin-file.ts';
import { cancelFile } from '../file/cancel-file.ts';
import { finishFile } from '../file/finish-file.ts';
import { BodyParts } from '../file-content/body-parts.ts';
import { writePart } from '../file-content/write-part.ts';
import { rawBody } from './raw-body.ts';

const fileForm = wireFormOf(File);
const PART = /^[1-9]\d{0,8}$/;

/** Whether a request uploads content: its body is not held in memory, and has limits of its own. */
export const isUpload = ({ req }: Pick<ShellContext, 'req'>): boolean =>
  (req.method === 'PUT' && /^\/api\/files\/[^/]+\/parts\/[^/]+$/.test(req.path)) ||
  (req.method === 'POST' && /^\/api\/chats\/[^/]+\/files$/.test(req.path));

/** Takes the content of files: a part of an upload that was begun, or a whole short file, as raw bodies. */
export function mountUploads(app: ShellApp, deps: Deps, createContext: (call: RestCall) => Context): void {
  const begin = async (c: ShellContext): Promise<AuthedContext> => {
    const ctx = createContext({
      req: c.req.raw,
      requestId: c.get('requestId'),
      clientAddress: c.get('clientAddress'),
      resHeaders: new Headers(),
      signal: callerGone(c),
    });
    const authed = { ...ctx, principal: await authenticate(ctx) };
    mustHaveScope(authed.principal, 'message.send');
    deps.budgets.take(authed, 'write');
    return authed;
  };
  /** While a body is being received. */
  const receiving = async <T>(c: ShellContext, work: () => Promise<T>): Promise<T> => {
    const address = c.get('clientAddress');
    const { inFlight, uploadBytes } = deps.files;
    inFlight.hold(address, uploadBytes);
    try {
      return await work();
    } finally {
      inFlight.free(address, uploadBytes);
    }
  };

  app.put('/api/files/:file_id/parts/:part', async (c) => {
    const { principal, responseHeaders } = await begin(c);
    const { fileId } = inputOf(FileRef, { fileId: c.req.param('file_id') });
    const part = c.req.param('part');
    if (!PART.test(part)) throw refuse('invalid_input', { message: 'Parts have numbers from 1.' });
    await receiving(c, () => writePart(deps, { fileId, userId: principal.userId, part: Number(part) }, rawBody(c)));
    return new Response(null, { status: 204, headers: responseHeaders });
  });

  app.post('/api/chats/:chat_id/files', async (c) => {
    const ctx = await begin(c);
    const file = await receiving(c, () => uploadWhole(deps, ctx, inputOf(FileBegin, wholeInput(c)), rawBody(c)));
    ctx.responseHeaders.set('content-type', 'application/json');
    return new Response(JSON.stringify(fileForm(file)), { status: 201, headers: ctx.responseHeaders });
  });
}

async function uploadWhole(
  deps: Deps,
  ctx: AuthedContext,
  input: z.infer<typeof FileBegin>,
  body: AsyncIterable<Uint8Array>,
) {
  const { userId } = ctx.principal;
  if (input.size > limits.fileWholeMaxBytes)
    throw refuse('file_too_large', { message: 'A file of more than 25 MiB is uploaded in parts; see `POST /files`.' });
  const { fileId, partCount } = await beginFile(deps, userId, input);
  try {
    const parts = new BodyParts(body);
    for (let part = 1; part <= partCount; part++)
      await writePart(deps, { fileId, userId, part }, parts.take(partSizeOf(input.size, part)));
    return await finishFile(deps, userId, fileId);
  } catch (error) {
    // No other process knows of it; if this fails too, it is removed after a day.
    await cancelFile(ctx, fileId).catch(() => {});
    throw error;
  }
}

/** What the query and the headers say about a file that is the body. */
function wholeInput(c: ShellContext) {
  if (!hasUtf8Query(c.req.url)) throw refuse('invalid_input', { message: 'The query is not UTF-8.' });
  const length = c.req.header('content-length');
  if (length === undefined) throw refuse('invalid_input', { message: 'Send the size of the file as Content-Length.' });
  const [mime = ''] = (c.req.header('content-type') ?? '').split(';');
  const isNamed = mime.trim() !== '' && mime.trim() !== 'application/x-www-form-urlencoded';
  const asFile = c.req.query('as_file');
  return {
    chatId: c.req.param('chat_id'),
    name: c.req.query('name'),
    size: Number(length),
    ...(isNamed && { mime: mime.trim() }),
    ...(asFile !== undefined && { asFile: asFile === 'true' ? true : asFile === 'false' ? false : asFile }),
  };
}

function inputOf<Schema extends z.ZodType>(schema: Schema, given: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw refuse('invalid_input', { cause: parsed.error });
}
