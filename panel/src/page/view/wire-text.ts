import type { Exchange } from '../call/exchange.ts';

/** A call as it was on the wire, without the token, so that it can be pasted into a report. */
export function wireText({ sent, received }: Exchange): string {
  const { host, pathname, search } = new URL(sent.url);
  const request = [
    `${sent.method} ${pathname}${search}`,
    `host: ${host}`,
    ...(sent.hasToken ? ['authorization: Bearer …'] : []),
    ...(sent.body === undefined ? [] : ['content-type: application/json', '', sent.body]),
  ];
  if (!received) return request.join('\n');
  const headers = received.headers.map(([name, value]) => `${name}: ${value}`);
  const status = `${received.status} ${received.statusText}`.trim();
  return [...request, '', '', status, ...headers, '', received.body].join('\n');
}
