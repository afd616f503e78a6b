import { Id } from '@fechatter/contract';
import type { RestCall } from '@fechatter/rest';
import { type ByteRange, bytesOfRange } from '@fechatter/file-store';
import { callerGone, mustHaveScope, refuse, type ShellApp, type ShellContext } from '@fechatter/service-kit';
import { authenticate } from '../access/principal.ts';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { contentDisposition } from '../file-content/content-disposition.ts';
import { isShownInPlace, THUMBNAIL_MIME } from '../file-content/media-type.ts';
import { namesTag } from '../file-content/names-tag.ts';
import { type Download, type Downloader, downloadOf } from './download-of.ts';
import { contentStream } from './content-stream.ts';

/** Far shorter than a download can take. */
const ACCESS_CHECK_EVERY_MS = 2_000;
const DOWNLOADED = 'application/octet-stream';

/**
 * Serves the content of files at /f/{id} to callers who can read them: with a bearer, or for pages with `?ticket=`. A
 * browser asks again each time (`no-cache`), and gets 304 if it may still have it.
 */
export function mountDownloads(app: ShellApp, deps: Deps, createContext: (call: RestCall) => Context): void {
  const downloaderOf = async (c: ShellContext, resHeaders: Headers): Promise<Downloader> => {
    const ticket = c.req.query('ticket');
    if (ticket !== undefined) {
      const holder = deps.fileTickets.decode(ticket);
      if (holder === undefined) throw refuse('ticket_invalid');
      return holder;
    }
    const principal = await authenticate(
      createContext({
        req: c.req.raw,
        requestId: c.get('requestId'),
        clientAddress: c.get('clientAddress'),
        resHeaders,
        signal: callerGone(c),
      }),
    );
    mustHaveScope(principal, 'chat.read');
    return { userId: principal.userId, sessionId: principal.credential.sessionId, expiresAtSeconds: null };
  };

  app.get('/f/:file_id', async (c) => {
    const headers = new Headers();
    const downloader = await downloaderOf(c, headers);
    deps.budgets.take({ principal: { userId: payerOf(downloader) }, responseHeaders: headers }, 'read');
    const fileId = Id.safeParse(c.req.param('file_id'));
    if (!fileId.success) throw refuse('file_not_found');
    const isSmall = isThumbnailAsked(c.req.query('thumbnail'));
    const load = async () => {
      const found = await downloadOf(deps, downloader, fileId.data);
      return isSmall ? thumbnailOf(found) : found;
    };
    const file = await load();
    // What is served once never changes: a picture is served only after it was written anew.
    const tag = isSmall ? `"${file.id}-thumbnail"` : `"${file.id}"`;
    for (const [name, value] of headersOf(deps, file, tag)) headers.set(name, value);
    if (namesTag(c.req.header('if-none-match'), tag)) return new Response(null, { status: 304, headers });
    const range = rangeOf(c, tag, file.size_bytes);
    if (range === 'unsatisfiable') {
      headers.set('content-range', `bytes */${file.size_bytes}`);
      return new Response(null, { status: 416, headers });
    }
    const { start, end } = range ?? { start: 0, end: file.size_bytes };
    headers.set('content-length', String(end - start));
    if (range !== undefined) headers.set('content-range', `bytes ${start}-${end - 1}/${file.size_bytes}`);
    const status = range === undefined ? 200 : 206;
    if (c.req.method === 'HEAD' || start === end) return new Response(null, { status, headers });
    const checkAccess = async () => void (await load());
    const reading = { file, range: { start, end }, checkAccess, checkEveryMs: ACCESS_CHECK_EVERY_MS };
    return new Response(contentStream(c, deps, reading), { status, headers });
  });
}

/** `?thumbnail=1`, and nothing else. */
function isThumbnailAsked(asked: string | undefined): boolean {
  if (asked !== undefined && asked !== '1') throw refuse('invalid_input', { message: 'Ask with `thumbnail=1`.' });
  return asked === '1';
}

/** The thumbnail of a picture, as a file of one part. */
function thumbnailOf(file: Download): Download {
  if (file.thumbnail === null) throw refuse('file_not_found');
  return { ...file, size_bytes: file.thumbnail_bytes, mime: THUMBNAIL_MIME, objects: [file.thumbnail] };
}

/**
 * Whose budget a download takes from. Tickets have one a session: a shared address, also one that no longer works
 * more, leaves its person what they have.
 */
const payerOf = ({ userId, sessionId, expiresAtSeconds }: Downloader): string =>
  expiresAtSeconds === null ? userId : `ticket:${sessionId}`;

/** A range is for GET, and only of what the caller has the beginning of. */
function rangeOf(c: ShellContext, tag: string, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const ifRange = c.req.header('if-range');
  if (c.req.method !== 'GET' || (ifRange !== undefined && ifRange.trim() !== tag)) return undefined;
  return bytesOfRange(c.req.header('range'), sizeBytes);
}

function* headersOf({ cipher, log }: Deps, file: Download, tag: string): Generator<readonly [string, string]> {
  const isShown = isShownInPlace(file.mime);
  yield ['content-type', isShown ? file.mime : DOWNLOADED];
  yield ['content-disposition', contentDisposition(isShown ? 'inline' : 'attachment', nameOf({ cipher, log }, file))];
  yield ['accept-ranges', 'bytes'];
  yield ['etag', tag];
  yield ['cache-control', 'private, no-cache'];
  yield ['x-content-type-options', 'nosniff'];
  yield ['content-security-policy', "default-src 'none'; sandbox"];
  // Pages of other origins show it with a ticket; nothing is sent by itself that would show it to them without.
  yield ['cross-origin-resource-policy', 'cross-origin'];
}

function nameOf({ cipher, log }: Pick<Deps, 'cipher' | 'log'>, file: Download): string {
  try {
    return cipher.open(file.home_id, file.id, file.sealed_name);
  } catch (err) {
    log.error({ err, fileId: file.id }, 'the name of a file cannot be decrypted');
    return file.id;
  }
}
