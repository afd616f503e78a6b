import { authority } from '@fechatter/testing/certificates';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Push services that take everything, and tell which person a push was for. They check nothing and decrypt nothing. */
export interface Receivers extends AsyncDisposable {
  /** The certificate of their authority. */
  readonly ca: string;
  /** Of the nth person, for Web Push. */
  endpointOf(person: number): string;
  /** For Apple's push service. */
  readonly apnsUrl: string;
}

const TOKEN_CHARS = 64;
/** The device token of the nth person. */
export const deviceTokenOf = (person: number): string => person.toString(16).padStart(TOKEN_CHARS, '0');

export async function openReceivers(onPush: (person: number) => void): Promise<Receivers> {
  await using signer = await authority('bench');
  const tls = await signer.sign(['localhost']);
  const webPush = createServer(tls, (request, response) => {
    request.resume().on('end', () => {
      onPush(Number(request.url?.slice('/push/'.length)));
      response.writeHead(201).end();
    });
  });
  const apns = createSecureServer(tls, (request, response) => {
    request.resume().on('end', () => {
      onPush(Number.parseInt(request.url.slice('/3/device/'.length), 16));
      response.writeHead(200).end();
    });
  });
  const [webPort, apnsPort] = [await listening(webPush), await listening(apns)];
  return {
    ca: signer.cert,
    endpointOf: (person) => `https://localhost:${webPort}/push/${person}`,
    apnsUrl: `https://localhost:${apnsPort}`,
    [Symbol.asyncDispose]: () => {
      webPush.closeAllConnections();
      webPush.close();
      apns.close();
      return Promise.resolve();
    },
  };
}

async function listening(server: Server | Http2SecureServer): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
