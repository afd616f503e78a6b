import { PanelSession } from './call/panel-session.ts';
import { loadCatalogue } from './call/services.ts';
import { el } from './element.ts';
import { SeenIds } from './schema/seen-ids.ts';
import { placeOfHash } from './schema/share-link.ts';
import { accountView } from './view/account.ts';
import { LiveLog } from './view/live-log.ts';
import { ProcedureList } from './view/procedure-list.ts';
import { ProcedurePage } from './view/procedure-page.ts';
import { welcomeView } from './view/welcome.ts';

const TITLE = 'Fechatter panel';

async function start(): Promise<void> {
  const { procedures, failures } = await loadCatalogue();
  const authUrl = procedures.find(({ router }) => router === 'auth')?.serviceUrl ?? location.origin;
  const session = new PanelSession(authUrl);
  const seen = new SeenIds();
  const log = new LiveLog(session, seen);
  const list = new ProcedureList(procedures);
  const pages = new Map<string, ProcedurePage>();
  const main = el('main', { id: 'main' });
  let open: ProcedurePage | undefined;

  const show = () => {
    const place = placeOfHash(location.hash);
    const procedure = procedures.find(({ name }) => name === place?.procedure);
    list.mark(procedure?.name);
    document.body.dataset['view'] = procedure ? 'procedure' : 'list';
    document.title = procedure ? `${procedure.name} · ${TITLE}` : TITLE;
    open = undefined;
    if (procedure) {
      const follow = log.follow.bind(log);
      open = pages.get(procedure.name) ?? new ProcedurePage(procedure, { session, seen, follow });
      pages.set(procedure.name, open);
      // A link fills the form; it never calls the procedure.
      if (place?.input !== undefined) open.fill(place.input);
    }
    main.replaceChildren(open?.node ?? welcomeView(procedures, failures));
    main.scrollTop = 0;
  };

  document.body.append(
    el(
      'header',
      { class: 'top' },
      el('a', { class: 'back', href: '#', 'aria-label': 'All procedures' }, '‹'),
      el('a', { class: 'brand', href: '#' }, TITLE),
      accountView(session),
    ),
    list.node,
    el('div', { class: 'work' }, main, log.node),
  );
  show();
  addEventListener('hashchange', () => {
    show();
    open?.focus();
  });
  addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void open?.call();
    }
    const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      list.focusSearch();
    }
  });
}

void start();
