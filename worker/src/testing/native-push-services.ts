import { authority } from '@fechatter/testing/certificates';
import type { PushAddress } from '@fechatter/contract';
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { generateKeyPairSync, type KeyPairKeyObjectResult, randomBytes } from 'node:crypto';
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A push that arrived at a stand-in of Firebase or Apple, whose rules it kept. */
export interface ArrivedNativePush {
  readonly service: 'fcm' | 'apns';
  readonly device: string;
  /** What the app gets: on FCM all values are texts. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Of FCM what is for Android, of APNs `aps`. */
  readonly shown: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  /** What FCM would hand to APNs. */
  readonly apns?: { readonly headers: Record<string, string>; readonly payload: Record<string, unknown> };
}

export interface NativeAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** Of APNs the reason, of FCM the error code; of FCM also its message. */
  readonly reason?: string;
  readonly message?: string;
}

/**
 * Stand-ins of Google's token endpoint, Firebase Cloud Messaging (HTTP v1) and Apple's push service, over HTTP/2 and TLS. They
 * verify the grant and the tokens, and refuse what the real ones refuse.
 */
export interface NativePushServices extends AsyncDisposable {
  readonly pushes: ArrivedNativePush[];
  /** Violations of the rules. */
  readonly complaints: string[];
  readonly counts: { grants: number; connections: number };
  readonly apnsTokens: Set<string>;
  readonly ca: string;
  /** The settings of a worker that sends to them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Replaces the answers to pushes; undefined: 200. */
  answerTo: (push: ArrivedNativePush) => NativeAnswer | undefined | Promise<NativeAnswer | undefined>;
  /** Replaces the answer to a grant that is right: a status, or another body. */
  answerToGrant: () => number | string;
  /** Makes every token that was given until now invalid. */
  forgetGrants(): void;
  /** Closes all connections as a service does that restarts: GOAWAY, or without a word. */
  closeConnections(how: 'goaway' | 'at once'): void;
  device(kind: 'Fcm' | 'Apns', environment?: 'production' | 'development'): PushAddress & { readonly token: string };
}

const PROJECT = 'fechatter-test';
const CLIENT_EMAIL = 'push@fechatter-test.iam.gserviceaccount.com';
const [KEY_ID, TEAM_ID, TOPIC] = ['ABC123DEFG', 'DEF123GHIJ', 'com.example.chat'];
const PAYLOAD_MAX_BYTES = 4_096;
const HOUR_SECONDS = 3_600;

export async function nativePushServices(): Promise<NativePushServices> {
  await using signer = await authority('native push');
  const google = inPem(generateKeyPairSync('rsa', { modulusLength: 2_048 }));
  const apple = inPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const grants = new Set<string>();
  const sessions = new Set<ServerHttp2Session>();
  const tls = await signer.sign(['localhost']);
  const server = createSecureServer({ ...tls, allowHTTP1: false });
  server.on('session', (session) => {
    sessions.add(session);
    services.counts.connections++;
    session.on('close', () => sessions.delete(session)).on('error', () => {});
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    void respond(stream, headers).catch((error: unknown) => {
      services.complaints.push(String(error));
      if (!stream.closed && !stream.headersSent) stream.respond({ ':status': 400 });
      if (!stream.closed) stream.end(JSON.stringify({ reason: 'Complaint', error: { message: String(error) } }));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;

  async function respond(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const body = await text(stream);
    const path = String(headers[':path']);
    if (path === '/token') return grant(stream, body);
    const push = path.startsWith('/3/device/') ? await apnsPush(path, headers, body) : fcmPush(path, headers, body);
    if ('status' in push) return refuse(stream, push);
    services.pushes.push(push);
    const answer = await services.answerTo(push);
    if (stream.closed) return;
    if (answer !== undefined) return refuse(stream, { service: push.service, ...answer });
    stream.respond({ ':status': 200 });
    stream.end(push.service === 'fcm' ? JSON.stringify({ name: `projects/${PROJECT}/messages/1` }) : '');
  }

  async function grant(stream: ServerHttp2Stream, body: string): Promise<void> {
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') throw new Error('grant_type');
    const { payload, protectedHeader } = await jwtVerify(
      form.get('assertion') ?? '',
      await importSPKI(google.publicKey, 'RS256'),
      { issuer: CLIENT_EMAIL, audience: `${origin}/token`, algorithms: ['RS256'] },
    );
    if (payload['scope'] !== 'https://www.googleapis.com/auth/firebase.messaging') throw new Error('scope');
    if ((payload.exp ?? Infinity) - (payload.iat ?? 0) > HOUR_SECONDS) throw new Error('a grant of more than an hour');
    if (protectedHeader.kid !== 'key-1') throw new Error('kid');
    const answer = services.answerToGrant();
    services.counts.grants++;
    if (typeof answer === 'string') {
      stream.respond({ ':status': 200 });
      stream.end(answer);
      return;
    }
    if (answer !== 200) return refuse(stream, { service: 'fcm', status: answer, reason: 'invalid_grant' });
    const token = `ya29.${randomBytes(16).toString('base64url')}`;
    grants.add(token);
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end(JSON.stringify({ access_token: token, expires_in: 3_599, token_type: 'Bearer' }));
  }

  function fcmPush(path: string, headers: IncomingHttpHeaders, body: string): ArrivedNativePush | Refusal {
    if (path !== `/v1/projects/${PROJECT}/messages:send`) throw new Error(`path ${path}`);
    if (!grants.has(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''))
      return { service: 'fcm', status: 401, reason: 'THIRD_PARTY_AUTH_ERROR' };
    const { message, ...more } = JSON.parse(body) as { message: FcmMessage };
    if (Object.keys(more).length > 0) throw new Error('more than a message');
    for (const [name, value] of Object.entries(message.data)) {
      if (typeof value !== 'string') throw new Error(`${name} is no text`);
      if (/^(from|message_type|google\..*|gcm\..*)$/.test(name)) throw new Error(`${name} is reserved`);
    }
    if (!['HIGH', 'NORMAL'].includes(String(message.android['priority']))) throw new Error('priority');
    if ('collapse_key' in message.android) throw new Error('FCM keeps four of the messages that can be collapsed');
    if (Buffer.byteLength(JSON.stringify(message.data)) > PAYLOAD_MAX_BYTES)
      return { service: 'fcm', status: 400, reason: 'INVALID_ARGUMENT', message: 'Android message is too big' };
    const { token: device, data: content, android: shown, apns } = message;
    return { service: 'fcm', device, content, shown, headers, apns };
  }

  async function apnsPush(
    path: string,
    headers: IncomingHttpHeaders,
    body: string,
  ): Promise<ArrivedNativePush | Refusal> {
    const token = /^bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const { payload } = await jwtVerify(token, await importSPKI(apple.publicKey, 'ES256'), {
      issuer: TEAM_ID,
      algorithms: ['ES256'],
      maxTokenAge: HOUR_SECONDS,
    });
    if (decodeProtectedHeader(token).kid !== KEY_ID) throw new Error('kid');
    if (payload.exp !== undefined) throw new Error('Apple wants no exp');
    services.apnsTokens.add(token);
    const device = path.slice('/3/device/'.length);
    if (!/^[0-9a-f]{64}$/.test(device)) return { service: 'apns', status: 400, reason: 'BadDeviceToken' };
    if (headers['apns-topic'] !== TOPIC) return { service: 'apns', status: 400, reason: 'DeviceTokenNotForTopic' };
    if (Buffer.byteLength(body) > PAYLOAD_MAX_BYTES) return { service: 'apns', status: 413, reason: 'PayloadTooLarge' };
    const { aps, ...content } = JSON.parse(body) as { aps: Record<string, unknown> };
    mustKeepRules(headers, aps);
    return { service: 'apns', device, content, shown: aps, headers };
  }

  const services: NativePushServices = {
    pushes: [],
    complaints: [],
    counts: { grants: 0, connections: 0 },
    apnsTokens: new Set(),
    ca: signer.cert,
    settings: {
      FECHATTER_PUSH_FCM_SERVICE_ACCOUNT: JSON.stringify({
        type: 'service_account',
        project_id: PROJECT,
        private_key_id: 'key-1',
        private_key: google.privateKey,
        client_email: CLIENT_EMAIL,
        token_uri: `${origin}/token`,
      }),
      FECHATTER_PUSH_FCM_URL: origin,
      FECHATTER_PUSH_APNS_KEY: apple.privateKey,
      FECHATTER_PUSH_APNS_KEY_ID: KEY_ID,
      FECHATTER_PUSH_APNS_TEAM_ID: TEAM_ID,
      FECHATTER_PUSH_APNS_URL: origin,
      FECHATTER_PUSH_APNS_DEVELOPMENT_URL: origin,
    },
    answerTo: () => undefined,
    answerToGrant: () => 200,
    forgetGrants: () => grants.clear(),
    closeConnections(how) {
      for (const session of sessions)
        if (how === 'goaway') session.close();
        else session.destroy();
    },
    device: (kind, environment = 'production') =>
      kind === 'Fcm'
        ? { kind, token: `${randomBytes(8).toString('base64url')}:APA91${randomBytes(24).toString('base64url')}` }
        : { kind, token: randomBytes(32).toString('hex'), topic: TOPIC, environment },
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  return services;
}

const inPem = ({ publicKey, privateKey }: KeyPairKeyObjectResult) => ({
  publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
  privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
});

interface FcmMessage {
  readonly token: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly android: Readonly<Record<string, unknown>>;
  readonly apns: { readonly headers: Record<string, string>; readonly payload: Record<string, unknown> };
}
interface Refusal extends NativeAnswer {
  readonly service: 'fcm' | 'apns';
}

function refuse(stream: ServerHttp2Stream, { service, status, headers = {}, reason, message }: Refusal): void {
  stream.respond({ ':status': status, ...headers });
  const details = [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: reason }];
  stream.end(JSON.stringify(service === 'apns' ? { reason } : { error: { code: status, message, details } }));
}

/** What Apple's documents say about headers. */
function mustKeepRules(headers: IncomingHttpHeaders, aps: Record<string, unknown>): void {
  const type = headers['apns-push-type'];
  const isBackground = type === 'background';
  if (!isBackground && type !== 'alert') throw new Error(`push type ${String(type)}`);
  if (
    isBackground &&
    (headers['apns-priority'] !== '5' || aps['content-available'] !== 1 || aps['alert'] !== undefined)
  )
    throw new Error('a background push that would show something, or with a priority of its own');
  if (!isBackground && aps['alert'] === undefined) throw new Error('an alert without an alert');
  if (String(headers['apns-collapse-id'] ?? '').length > 64) throw new Error('a long collapse id');
  const untilSeconds = Number(headers['apns-expiration']) - Date.now() / 1_000;
  if (!(untilSeconds > 23 * HOUR_SECONDS && untilSeconds <= 25 * HOUR_SECONDS)) throw new Error('not for a day');
}
