export type { OpenApiDocument, Operation } from './document/open-api.ts';
export { openApiDocument, type OpenApiDocumentOptions } from './document/open-api-document.ts';
export type { ExplorerDocument } from './explorer/explorer-page.ts';
export { mountExplorer } from './explorer/mount-explorer.ts';
export { mountDocument } from './mount-document.ts';
export { wireFormOf } from './wire-form.ts';
export { mountRest, type MountRestOptions, type RestCall } from './mount-rest.ts';
