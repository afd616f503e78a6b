import { parseUrl } from '@fechatter/contract';
import { errorResponse, policySources, problemOf, refuse, type ShellApp } from '@fechatter/service-kit';
import { explorerFile, explorerVersion } from './explorer-files.ts';
import { type ExplorerDocument, explorerPage, explorerScript, explorerStyle } from './explorer-page.ts';

const YEAR = 'public, max-age=31536000, immutable';

/** React sets styles by script and Swagger UI draws icons from data URLs; nothing is loaded from elsewhere. */
function contentSecurityPolicy(documents: readonly ExplorerDocument[]): string {
  const sources = policySources(documents.flatMap(({ url }) => (parseUrl(url) === undefined ? [] : url)));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...sources].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Serves the explorer at /docs. It is Swagger UI, because that resolves `servers` against the document's URL (two
 * services in one page), consists of three files without a CDN, and runs under a strict CSP.
 */
export function mountExplorer(app: ShellApp, { documents }: { readonly documents: readonly ExplorerDocument[] }): void {
  const policy = contentSecurityPolicy(documents);
  const script = explorerScript(documents);
  app.get('/docs', (c) => c.html(explorerPage, 200, { 'content-security-policy': policy }));
  app.get('/docs/explorer.js', (c) => c.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/docs/explorer.css', (c) => c.body(explorerStyle, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get(`/docs/${explorerVersion}/:file`, async (c) => {
    const file = await explorerFile(c.req.param('file'));
    if (file === undefined) return errorResponse(problemOf(refuse('route_not_found')), c.get('requestId'));
    const isGzip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
    c.header('content-type', file.type);
    c.header('cache-control', YEAR);
    c.header('vary', 'accept-encoding');
    if (isGzip) c.header('content-encoding', 'gzip');
    return c.body(isGzip ? file.gzipped : file.plain);
  });
}
