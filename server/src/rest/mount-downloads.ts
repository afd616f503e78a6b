import { Id } from '@fechatter/contract';
import type { RestCall } from '@fechatter/rest';
import { type ByteRange, bytesOfRange } from '@fechatter/file-store';
import { callerGone, refuse, type ShellApp, type ShellContext } from '@fechatter/service-kit';
import { authenticate } from '../access/principal.ts';
import type { Context } from '../context.ts';
import type { Deps } from '../deps.ts';
import { contentDisposition } from '../file-content/content-disposition.ts';
import { isShownInPlace } from '../file-content/media-type.ts';
import { namesTag } from '../file-content/names-tag.ts';
import { type Download, type Downloader, downloadOf } from './download-of.ts';
import { contentStream } from './content-stream.ts';

/** Far shorter than a download can take. */
const JUDGED_EVERY_MS = 2_000;
const DOWNLOADED = 'application/octet-stream';

/**
 * Serves the content of files at /f/{id}, to whom can read them: with a bearer, or for pages with `?ticket=`. A browser asks
 * again each time (`no-cache`), and is told that nothing changed where it may still have it.
 */
export function mountDownloads(app: ShellApp, deps: Deps, createContext: (call: RestCall) => Context): void {
  const downloaderOf = async (c: ShellContext, resHeaders: Headers): Promise<Downloader> => {
    const ticket = c.req.query('ticket');
    if (ticket !== undefined) {
      const holder = deps.fileTickets.decode(ticket);
      if (holder === undefined) throw refuse('ticket_invalid');
      return holder;
    }
    const { userId, credential } = await authenticate(
      createContext({
        req: c.req.raw,
        requestId: c.get('requestId'),
        clientAddress: c.get('clientAddress'),
        resHeaders,
        signal: callerGone(c),
      }),
    );
    return { userId, sessionId: credential.sessionId, expiresAtSeconds: null };
  };

  app.get('/f/:file_id', async (c) => {
    const headers = new Headers();
    const downloader = await downloaderOf(c, headers);
    deps.budgets.take({ principal: { userId: payerOf(downloader) }, answerHeaders: headers }, 'read');
    const fileId = Id.safeParse(c.req.param('file_id'));
    // There are no thumbnails yet that a file could have.
    if (!fileId.success || c.req.query('thumbnail') !== undefined) throw refuse('file_not_found');
    const file = await downloadOf(deps, downloader, fileId.data);
    const tag = `"${file.id}"`;
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
    const judge = async () => void (await downloadOf(deps, downloader, file.id));
    const reading = { file, range: { start, end }, judge, judgedEveryMs: JUDGED_EVERY_MS };
    return new Response(contentStream(c, deps, reading), { status, headers });
  });
}

/**
 * Whose budget a download takes from. Tickets have one a session: an address that got around, also one that does not work any
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
    return cipher.open(file.chat_id, file.id, file.sealed_name);
  } catch (err) {
    log.error({ err, fileId: file.id }, 'the name of a file cannot be decrypted');
    return file.id;
  }
}
