import { explorerVersion } from './explorer-files.ts';

/** A document that the explorer shows. */
export interface ExplorerDocument {
  readonly name: string;
  readonly url: string;
}

const base = `docs/${explorerVersion}`;

/** The explorer's page. Its URLs are relative, so that it also works below a proxy's path. */
export const explorerPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fechatter API</title>
<link rel="icon" href="${base}/favicon-32x32.png">
<link rel="stylesheet" href="${base}/swagger-ui.css">
<link rel="stylesheet" href="docs/explorer.css">
</head>
<body>
<div id="explorer"></div>
<noscript>The explorer needs JavaScript; the documents are at /openapi.json of each service.</noscript>
<script src="${base}/swagger-ui-bundle.js"></script>
<script src="${base}/swagger-ui-standalone-preset.js"></script>
<script src="docs/explorer.js"></script>
</body>
</html>
`;

/**
 * The script that starts Swagger UI. It sends nothing to anyone but the services. The token is kept when you switch
 * documents; Swagger UI does that only together with writing it to the browser's storage, so that half is removed.
 */
export function explorerScript(documents: readonly ExplorerDocument[]): string {
  return `const keepNothing = () => ({
  statePlugins: { auth: { wrapActions: { persistAuthorizationIfNeeded: () => () => {} } } },
});
SwaggerUIBundle({
  urls: ${JSON.stringify(documents)},
  dom_id: '#explorer',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [keepNothing],
  persistAuthorization: true,
  layout: 'StandaloneLayout',
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
});
`;
}

/** Hides parts of Swagger UI that a reader of this API does not need. */
export const explorerStyle = `body { margin: 0; }
.swagger-ui .topbar .topbar-wrapper .link { display: none; }
.swagger-ui .topbar .topbar-wrapper { flex-wrap: nowrap; }
.swagger-ui .topbar .download-url-wrapper { flex: 1; }
.swagger-ui .topbar .download-url-wrapper .select-label > span { display: none; }
.swagger-ui .info { margin: 30px 0; }
.swagger-ui .opblock .opblock-summary-path { max-width: none; flex-shrink: 1; word-break: break-word; }
@media (max-width: 640px) { .swagger-ui .opblock .opblock-summary-description { display: none; } }
`;
