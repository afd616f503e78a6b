import { type Config, policySources, type ShellApp, type ShellContext } from '@fechatter/service-kit';
import { fileURLToPath } from 'node:url';
import { webFile, type WebFile } from './web-file.ts';

type WebConfig = Pick<Config, 'server' | 'notify' | 'files' | 'isProduction'>;

const OURS = fileURLToPath(new URL('../../../examples/web/dist/site', import.meta.url));
/** The value of `server.web` for no page. */
const OFF = 'off';
const RESERVED = /^\/(api|f|trpc|docs|panel|healthz|readyz|openapi\.json|\.well-known)(\/|$)/;
const PLACE_OF_NOTIFY = /(<meta name="notify-url" content=")[^"]*/;

/**
 * Serves the folder of a web app at /: the one that `server.web` names, or in development our own example. Paths that
 * are not files are left to other routes, except that a browser that opens a path of the app gets the page.
 */
export function mountWeb(app: ShellApp, config: WebConfig): void {
  const folder = config.server.web ?? (config.isProduction ? OFF : OURS);
  if (folder === OFF) return;
  const policy = policyOf(config);
  const notifyUrl = config.notify.publicUrl.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const page = async (c: ShellContext) => {
    const file = await webFile(folder, '/index.html');
    if (file === undefined) return undefined;
    const text = file.body.toString().replace(PLACE_OF_NOTIFY, (_, before) => `${before}${notifyUrl}`);
    return c.html(text, 200, { 'content-security-policy': policy, 'cache-control': 'no-cache' });
  };
  app.use(async function web(c, next) {
    const { path, method } = c.req;
    if ((method !== 'GET' && method !== 'HEAD') || RESERVED.test(path)) return next();
    const file = path === '/' ? undefined : await webFile(folder, path);
    if (file !== undefined) return responseOf(c, file);
    const isNavigation = path === '/' || c.req.header('sec-fetch-mode') === 'navigate';
    return (isNavigation ? await page(c) : undefined) ?? next();
  });
}

function responseOf(c: ShellContext, { type, body, zipped, isImmutable }: WebFile): Response {
  const isZipped = zipped !== undefined && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
  return c.body(new Uint8Array(isZipped ? zipped : body), 200, {
    'content-type': type,
    'cache-control': isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(zipped && { vary: 'Accept-Encoding' }),
    ...(isZipped && { 'content-encoding': 'gzip' }),
  });
}

/** Allows the page's own script and style, calls to the services, and people's pictures; text never becomes markup. */
function policyOf({ server, notify, files }: WebConfig): string {
  const { imageOrigins = ['*'] } = server;
  const imageSources = imageOrigins.includes('*') ? ['https:'] : policySources(imageOrigins);
  const fileSources = policySources(files.publicUrl === undefined ? [] : [files.publicUrl]);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    // People give their picture's address themselves; http, data and blob are never needed.
    `img-src 'self' ${[...new Set([...imageSources, ...fileSources])].join(' ')}`.trimEnd(),
    // Sounds and films that people send.
    `media-src 'self' ${fileSources.join(' ')}`.trimEnd(),
    `connect-src 'self' ${policySources([server.publicUrl, notify.publicUrl]).join(' ')}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // One policy, with which the page registers its service worker.
    'trusted-types push-worker',
  ].join('; ');
}
