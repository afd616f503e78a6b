export { responseCheck, type RestResponse } from './response-check.ts';
export { runGeneratedClient } from './generated-client.ts';
export { redoclyProblems } from './redocly.ts';
export { type CallOptions, documentOf, type RestCaller, restCaller } from './rest-caller.ts';
