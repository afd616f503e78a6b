/**
 * Checks whether the service on this port of this machine responds: exit code 0 or 1. It uses /healthz, not /readyz:
 * restarting a container because its database is down does not help.
 */
const RESPONSE_MAX_MS = 2_500;
const [port] = process.argv.slice(2);

try {
  const signal = AbortSignal.timeout(RESPONSE_MAX_MS);
  const asked = ['127.0.0.1', '[::1]'].map((host) => fetch(`http://${host}:${Number(port)}/healthz`, { signal }));
  const { status } = await Promise.any(asked);
  process.exitCode = status === 200 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}
