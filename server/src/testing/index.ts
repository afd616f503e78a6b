export { type Client, rawCall, refusal } from './client.ts';
export { holdUser } from './hold-user.ts';
export { type Person, signedIn } from './person.ts';
export { totpOf } from './totp-of.ts';
export { type TestServer, testServer } from './test-server.ts';
export { type PublishedSignals, publishedSignals } from './published-signals.ts';
export { download, putPart, someBytes, type Upload, uploaded } from './uploads.ts';
