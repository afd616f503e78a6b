export { answerCheck, type RestAnswer } from './answer-check.ts';
export { runGeneratedClient } from './generated-client.ts';
export { redoclyProblems } from './redocly.ts';
export { type CallOptions, documentOf, type RestCaller, restCaller } from './rest-caller.ts';
