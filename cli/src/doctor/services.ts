import { type Check, type Finding, ok, type Patient, problem, warning } from './finding.ts';

const DEADLINE_MS = 5_000;
const SKEW_MAX_MS = 5_000;

interface Readiness {
  readonly status?: string;
  readonly service?: string;
  readonly checks?: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly detail?: string;
    readonly warning?: string;
  }[];
}

/** Checks whether both services respond at the addresses that clients are given. */
export const checkServices: Check = async ({ config }) => {
  const [server, notify] = await Promise.all([
    ready('server', config.server.publicUrl),
    ready('notify', config.notify.publicUrl),
  ]);
  return [...server, ...notify, ...transport(config)];
};

async function ready(name: 'server' | 'notify', url: string): Promise<Finding[]> {
  const at = `${name} at ${url}`;
  let response: Response;
  let readiness: Readiness;
  try {
    response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(DEADLINE_MS), redirect: 'error' });
    readiness = (await response.json()) as Readiness;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return [problem(at, `does not respond${cause}`, `Start it, or set ${name}.publicUrl to where it is reached.`)];
  }
  if (readiness.service !== name)
    return [
      problem(
        at,
        `is ${readiness.service ?? 'not one of ours'}`,
        `Set ${name}.publicUrl, or repair the proxy's routes.`,
      ),
    ];
  const checks = readiness.checks ?? [];
  const failing = checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.detail ?? 'not ok'}`);
  const warnings = checks.flatMap((check) => (check.warning === undefined ? [] : [`${check.name}: ${check.warning}`]));
  const skew = skewOf(response);
  return [
    failing.length > 0
      ? problem(at, `is not ready: ${failing.join('; ')}`, 'Mend what it names; its log says more.')
      : ok(at, 'is ready'),
    ...warnings.map((line) => warning(at, line, 'See the event log above.')),
    ...(Math.abs(skew) > SKEW_MAX_MS
      ? [
          warning(
            at,
            `its clock is ${Math.round(skew / 1_000)} s from this one`,
            'Keep all clocks with NTP: tokens are refused from 60 s on.',
          ),
        ]
      : []),
  ];
}

function skewOf({ headers }: Response): number {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? 0 : date - Date.now();
}

const here = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** Without TLS, tokens and passwords must not leave this machine. */
function transport({ server, notify }: Patient['config']): Finding[] {
  return Object.entries({ server, notify }).flatMap(([name, { publicUrl }]) => {
    const { protocol, hostname } = new URL(publicUrl);
    if (protocol === 'https:' || here.test(hostname)) return [];
    return [
      warning(
        `${name}.publicUrl`,
        `${publicUrl} is not https`,
        'Put TLS before it: passwords and tokens cross the network in clear.',
      ),
    ];
  });
}
