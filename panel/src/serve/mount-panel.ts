import { type Config, policySources, type ShellApp } from '@fechatter/service-kit';
import type { AnyTRPCRouter } from '@trpc/server';
import { builtPage } from './built-page.ts';
import { documentOfRouter } from './document-of-router.ts';
import { panelPage, panelPolicy, type PanelService } from './panel-page.ts';

/**
 * Serves the description of a service's procedures at /panel.json and, on the server, the page at /panel. If the
 * setting `server.panel` is off, neither is served.
 */
export function mountPanel(
  app: ShellApp,
  { server, notify, service }: Pick<Config, 'server' | 'notify' | 'service'>,
  router: AnyTRPCRouter,
): void {
  if (!server.panel) return;
  const document = JSON.stringify(documentOfRouter(service, router));
  app.get('/panel.json', (c) => c.body(document, 200, { 'content-type': 'application/json' }));
  if (service !== 'server') return;
  const services: readonly PanelService[] = [
    { name: 'server', url: '.' },
    { name: 'notify', url: notify.publicUrl },
  ];
  const sources = policySources([server.publicUrl, notify.publicUrl]);
  app.get('/panel', async (c) => {
    const built = await builtPage();
    return c.html(panelPage(services, built), 200, { 'content-security-policy': panelPolicy(sources, built) });
  });
}
