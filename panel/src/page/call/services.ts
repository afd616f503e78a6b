import type { PanelDocument, PanelProcedure } from '../../panel-document.ts';

/** A procedure and its service's URL. */
export interface Callable extends PanelProcedure {
  readonly router: string;
  readonly verb: string;
  readonly serviceUrl: string;
}

export interface Catalogue {
  readonly procedures: readonly Callable[];
  /** Messages about services that could not be read. */
  readonly failures: readonly string[];
}

const LOAD_MAX_MS = 5_000;

/** Reads the descriptions of the services; one that is unreachable does not hide the others. */
export async function loadCatalogue(): Promise<Catalogue> {
  const metas = [...document.querySelectorAll<HTMLMetaElement>('meta[name="panel-service"]')];
  const loads = metas.map(async ({ content, dataset }) => {
    const serviceUrl = new URL(content, location.href).href.replace(/\/$/, '');
    try {
      return { ok: await load(serviceUrl) };
    } catch (error) {
      const why = error instanceof TypeError ? notReached(serviceUrl) : String(error);
      return { failure: `${dataset['name'] ?? 'A service'}: ${why}` };
    }
  });
  const loaded = await Promise.all(loads);
  return {
    procedures: loaded.flatMap(({ ok }) => ok ?? []),
    failures: loaded.flatMap(({ failure }) => failure ?? []),
  };
}

async function load(serviceUrl: string): Promise<readonly Callable[]> {
  const response = await fetch(`${serviceUrl}/panel.json`, {
    credentials: 'omit',
    signal: AbortSignal.timeout(LOAD_MAX_MS),
  });
  if (!response.ok) throw new Error(`${serviceUrl}/panel.json returned ${response.status}; is server.panel on there?`);
  const { procedures } = (await response.json()) as PanelDocument;
  return procedures.map((procedure) => {
    const [router = '', ...rest] = procedure.name.split('.');
    return { ...procedure, router, verb: rest.join('.'), serviceUrl };
  });
}

/** A browser does not show a page why a call failed. */
export function notReached(serviceUrl: string): string {
  return `cannot reach ${serviceUrl}. Is it running, and is ${location.origin} among server.corsOrigins?`;
}
