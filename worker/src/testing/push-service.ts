import { authority } from '@fechatter/testing/certificates';
import type { PushContent } from '@fechatter/contract';
import ece from 'http_ece';
import { importJWK, jwtVerify } from 'jose';
import { createECDH, createPublicKey, randomBytes, type ECDH } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { createServer } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A push that arrived, decrypted. */
export interface ArrivedPush {
  readonly device: string;
  readonly content: PushContent;
  readonly topic: string | undefined;
  readonly urgency: string | undefined;
  readonly ttl: string | undefined;
  /** Of the verified token. */
  readonly subject: string | undefined;
  readonly publicKey: string;
}

/** The answer to a push; nothing: 201. */
export type PushAnswer = { readonly status: number; readonly headers?: Record<string, string> } | undefined;

export interface PushServiceOptions {
  readonly answerTo?: (push: ArrivedPush, host: string) => PushAnswer | Promise<PushAnswer>;
}

export interface PushDevice {
  readonly kind: 'WebPush';
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

interface DeviceKeys {
  readonly name: string;
  readonly ecdh: ECDH;
  readonly auth: Buffer;
}

/**
 * A push service of RFC 8030, over TLS, that checks what real ones check (RFC 8291 and 8292), and decrypts what only a
 * device can. It is reached as `localhost`, and as any name below `push.test` by {@link lookUp}.
 */
export interface PushService extends AsyncDisposable {
  readonly pushes: readonly ArrivedPush[];
  /** Violations of the RFCs. */
  readonly complaints: readonly string[];
  /** Its authority’s certificate. */
  readonly ca: string;
  readonly lookUp: () => Promise<readonly { readonly address: string; readonly family: number }[]>;
  device(name: string, host?: string): PushDevice;
}

const DAY_SECONDS = 86_400;

export async function pushService({ answerTo }: PushServiceOptions = {}): Promise<PushService> {
  await using signer = await authority('push');
  const devices = new Map<string, DeviceKeys>();
  const pushes: ArrivedPush[] = [];
  const complaints: string[] = [];

  const arrive = async (request: IncomingMessage): Promise<ArrivedPush> => {
    const device = devices.get(request.url ?? '');
    if (device === undefined) throw new Error(`no device at ${request.url}`);
    const { topic, urgency, ttl, 'content-encoding': encoding } = request.headers as Record<string, string | undefined>;
    if (encoding !== 'aes128gcm') throw new Error(`content-encoding ${encoding}`);
    if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) throw new Error(`topic ${topic}`);
    const { subject, publicKey } = await verified(request);
    const body = await buffer(request);
    if (body.length > 4_096) throw new Error(`${body.length} bytes`);
    const text = ece.decrypt(body, { version: 'aes128gcm', privateKey: device.ecdh, authSecret: device.auth });
    const content = JSON.parse(text.toString()) as PushContent;
    return { device: device.name, content, topic, urgency, ttl, subject, publicKey };
  };
  const answer = async (request: IncomingMessage): Promise<PushAnswer> => {
    try {
      const push = await arrive(request);
      pushes.push(push);
      return await answerTo?.(push, request.headers.host ?? '');
    } catch (error) {
      complaints.push(String(error));
      return { status: 400 };
    }
  };
  const server = createServer(await signer.sign(['localhost', '*.push.test']), (request, response) => {
    void answer(request).then((given) => response.writeHead(given?.status ?? 201, given?.headers).end());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    pushes,
    complaints,
    ca: signer.cert,
    lookUp: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    device(name, host = 'a.push.test') {
      const path = `/push/${randomBytes(16).toString('base64url')}`;
      const ecdh = createECDH('prime256v1');
      const auth = randomBytes(16);
      devices.set(path, { name, ecdh, auth });
      const keys = { p256dh: ecdh.generateKeys().toString('base64url'), auth: auth.toString('base64url') };
      return { kind: 'WebPush', endpoint: `https://${host}:${port}${path}`, keys };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Checks who sends (RFC 8292). */
async function verified({ headers }: IncomingMessage): Promise<Pick<ArrivedPush, 'subject' | 'publicKey'>> {
  const [, token = '', publicKey = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '') ?? [];
  const point = Buffer.from(publicKey, 'base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
  createPublicKey({ key: jwk, format: 'jwk' });
  const { payload } = await jwtVerify(token, await importJWK(jwk, 'ES256'), {
    audience: `https://${headers.host}`,
    maxTokenAge: undefined,
  });
  if ((payload.exp ?? Infinity) - Date.now() / 1_000 > DAY_SECONDS) throw new Error('a token of more than a day');
  return { subject: payload.sub, publicKey };
}
