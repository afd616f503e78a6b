import type { Callable } from '../call/services.ts';
import { el } from '../element.ts';
import { hashOfPlace } from '../schema/share-link.ts';

/** All procedures by router; typing filters them by words of their name or text. */
export class ProcedureList {
  readonly node: HTMLElement;
  readonly #search: HTMLInputElement;
  readonly #rows: readonly { readonly link: HTMLAnchorElement; readonly words: string }[];
  readonly #groups: readonly HTMLElement[];
  readonly #none: HTMLElement;

  constructor(procedures: readonly Callable[]) {
    this.#rows = procedures.map((procedure) => ({
      link: linkTo(procedure),
      words: `${procedure.name} ${procedure.type} ${procedure.summary} ${procedure.rest ?? ''}`.toLowerCase(),
    }));
    const routers = [...new Set(procedures.map(({ router }) => router))];
    this.#groups = routers.map((router) => {
      const links = this.#rows.filter((_, index) => procedures[index]?.router === router).map(({ link }) => link);
      return el('section', { 'aria-label': router }, el('h2', {}, router), ...links);
    });
    this.#search = el('input', {
      type: 'search',
      id: 'search',
      placeholder: 'Search',
      'aria-label': 'Search procedures',
      'aria-keyshortcuts': '/',
      autocomplete: 'off',
      spellcheck: 'false',
      oninput: () => this.#filter(),
    });
    this.#none = el('p', { class: 'nothing', hidden: true }, 'No procedure has these words.');
    this.node = el(
      'nav',
      { class: 'list', 'aria-label': 'Procedures', onkeydown: (event: KeyboardEvent) => this.#onKey(event) },
      el('div', { class: 'search' }, this.#search, el('kbd', {}, '/')),
      el('div', { class: 'groups' }, ...this.#groups, this.#none),
      el('p', { class: 'keys' }, ...legend()),
    );
  }

  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }

  /** Highlights the open procedure. */
  mark(name: string | undefined): void {
    for (const { link } of this.#rows) {
      if (link.dataset['name'] === name) {
        link.setAttribute('aria-current', 'page');
        link.scrollIntoView({ block: 'nearest' });
      } else link.removeAttribute('aria-current');
    }
  }

  #filter(): void {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of this.#rows) row.link.hidden = !words.every((word) => row.words.includes(word));
    for (const group of this.#groups) group.hidden = group.querySelector('a:not([hidden])') === null;
    this.#none.hidden = this.#visible().length > 0;
  }

  #visible(): readonly HTMLAnchorElement[] {
    return this.#rows.flatMap(({ link }) => (link.hidden ? [] : link));
  }

  #onKey(event: KeyboardEvent): void {
    const visible = this.#visible();
    const at = visible.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === 'ArrowDown') visible[Math.min(at + 1, visible.length - 1)]?.focus();
    else if (event.key === 'ArrowUp' && at <= 0) this.focusSearch();
    else if (event.key === 'ArrowUp') visible[at - 1]?.focus();
    else if (event.key === 'Enter' && at < 0) visible[0]?.click();
    else if (event.key === 'Escape') {
      this.#search.value = '';
      this.#filter();
      this.focusSearch();
    } else return;
    event.preventDefault();
  }
}

function linkTo({ name, type, verb, summary }: Callable): HTMLAnchorElement {
  const link = el(
    'a',
    { href: hashOfPlace({ procedure: name }), title: summary },
    el('span', { class: `dot ${type}`, title: type }),
    el('span', { class: 'verb' }, verb),
    el('span', { class: 'said' }, summary),
  );
  link.dataset['name'] = name;
  return link;
}

const keys = (...names: string[]) => names.map((name) => el('kbd', {}, name));

/** The legend of the colours and keyboard shortcuts. */
function legend(): Node[] {
  const kinds = ['query', 'mutation', 'subscription'] as const;
  return [
    el('span', {}, ...kinds.flatMap((kind) => [el('span', { class: `dot ${kind}` }), ` ${kind} `])),
    el('span', {}, ...keys('↑', '↓', 'Enter'), ' choose ', ...keys('Ctrl', 'Enter'), ' call'),
  ];
}
