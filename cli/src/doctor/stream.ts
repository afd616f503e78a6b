import { type Check, type Finding, ok, problem, skipped } from './finding.ts';

const DEADLINE_MS = 5_000;

/**
 * Checks whether events arrive without delay. Notify sends `ready` at once and keeps the stream open; a proxy that
 * buffers holds it back until the stream ends, which it never does.
 */
export const checkStream: Check = async ({ config, env }) => {
  const { DOCTOR_EMAIL: email, DOCTOR_PASSWORD: password } = env;
  if (!email || !password)
    return [
      skipped('stream', 'give an account in DOCTOR_EMAIL and DOCTOR_PASSWORD to check that no proxy holds events back'),
    ];
  const session = await signedIn(config.server.publicUrl, { email, password });
  if ('check' in session) return [session];
  try {
    return [await streamed(config.notify.publicUrl, session.token)];
  } finally {
    await fetch(`${config.server.publicUrl}/api/auth/signout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${session.token}` },
      signal: AbortSignal.timeout(DEADLINE_MS),
    }).catch(() => {});
  }
};

async function signedIn(
  url: string,
  account: { readonly email: string; readonly password: string },
): Promise<{ readonly token: string } | Finding> {
  const response = await fetch(`${url}/api/auth/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch(() => undefined);
  if (response?.status === 200) return (await response.json()) as { token: string };
  return problem(
    'stream',
    `signing in returned ${response?.status ?? 'nothing'}`,
    'Check DOCTOR_EMAIL, DOCTOR_PASSWORD and the server.',
  );
}

async function streamed(url: string, token: string): Promise<Finding> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), DEADLINE_MS);
  const beganAtMs = performance.now();
  try {
    const response = await fetch(`${url}/api/notifications/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: over.signal,
    });
    if (response.status !== 200 || response.body === null)
      return problem(
        'stream',
        `opening a stream returned ${response.status}`,
        'Read the logs of notify and the proxy.',
      );
    const decoder = new TextDecoder();
    let seen = '';
    for await (const chunk of response.body) {
      seen += decoder.decode(chunk as Uint8Array, { stream: true });
      if (seen.includes('event: ready'))
        return ok('stream', `events arrive: ready came after ${Math.round(performance.now() - beganAtMs)} ms`);
    }
    return problem('stream', 'ended before it was ready', 'Read the logs of notify and the proxy.');
  } catch {
    return problem(
      'stream',
      `nothing came in ${DEADLINE_MS / 1_000} s: a proxy holds events back`,
      'Switch its buffering off for notify (nginx: proxy_buffering off; proxy_http_version 1.1), and compression too.',
    );
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
