import { variableOf } from '../config/setting-names.ts';

/** A service cannot listen on its host or port; the message names the setting. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Translates the system's error into one that an operator can act on. */
export function listenError(error: NodeJS.ErrnoException, at: { service: string; host: string; port: number }) {
  const portVariable = variableOf([at.service, 'port']);
  const place = `port ${at.port} on ${at.host}`;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `${place} is in use; set ${portVariable} to another port, or stop what listens there`,
    EACCES: `${place} is not allowed for this user; set ${portVariable} to a port above 1023`,
    EADDRNOTAVAIL: `this machine has no address ${at.host}; set ${variableOf([at.service, 'host'])}`,
    ENOTFOUND: `there is no host called ${at.host}; set ${variableOf([at.service, 'host'])}`,
  };
  return new ListenError(sentences[error.code ?? ''] ?? `${place}: ${error.message}`, { cause: error });
}
