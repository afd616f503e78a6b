import { createShell, mountTrpc } from '@fechatter/service-kit';
import { collectedLog, testConfig } from '@fechatter/service-kit/testing';
import { mountRest, type RestCall } from '../mount-rest.ts';
import { gardenRouter } from './garden.ts';

export const json = { 'content-type': 'application/json' };
export const signedIn = { authorization: 'Bearer x' };

const createContext = ({ req, requestId, resHeaders }: RestCall) => ({
  requestId,
  resHeaders,
  authorization: req.headers.get('authorization'),
});

/** The garden router over tRPC and REST. */
export function gardenApp() {
  const config = testConfig('server');
  const { log, lines } = collectedLog();
  const app = createShell({ config, log, ready: () => Promise.resolve([]) });
  const { router, asked, left } = gardenRouter();
  mountTrpc(app, { router, createContext, log });
  mountRest(app, { router, createContext, log });
  return { app, config, lines, asked, left };
}

/** One POST to a garden created for it. */
export const post = async (
  path: string,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = { ...json, ...signedIn },
) => gardenApp().app.request(path, { method: 'POST', body, headers });

export const errorOf = async (response: Response) =>
  ((await response.json()) as { error: Record<string, unknown> }).error;
