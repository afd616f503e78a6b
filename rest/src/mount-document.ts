import type { ShellApp } from '@fechatter/service-kit';
import type { OpenApiDocument } from './document/open-api.ts';

/** Serves a service's OpenAPI document, which was built at start. */
export function mountDocument(app: ShellApp, document: OpenApiDocument): void {
  const body = JSON.stringify(document);
  app.get('/openapi.json', (c) => c.body(body, 200, { 'content-type': 'application/json' }));
}
