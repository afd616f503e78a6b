import type { BuiltPage } from './built-page.ts';

/** The URL of a service; relative to the page for the service that serves it. */
export interface PanelService {
  readonly name: string;
  readonly url: string;
}

const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f766e"/>' +
      '<path d="M8 9h16v10H15l-5 4v-4H8z" fill="#fff"/></svg>',
  );

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

/** The whole page in one response: it loads nothing else but the services' descriptions. */
export function panelPage(services: readonly PanelService[], { script, style }: BuiltPage): string {
  const named = services.map(
    ({ name, url }) => `<meta name="panel-service" data-name="${escaped(name)}" content="${escaped(url)}">`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Fechatter panel</title>
<link rel="icon" href="${ICON}">
${named.join('\n')}
<style>${style}</style>
</head>
<body>
<noscript>The panel needs JavaScript; the same procedures are described at /docs.</noscript>
<script>${script}</script>
</body>
</html>
`;
}

/**
 * Allows the page's own script and style by their hashes and calls to the services, and nothing else; text never
 * becomes markup.
 */
export function panelPolicy(sources: readonly string[], { scriptHash, styleHash }: BuiltPage): string {
  return [
    "default-src 'none'",
    `script-src ${scriptHash}`,
    `style-src ${styleHash}`,
    'img-src data:',
    `connect-src ${["'self'", ...sources].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
