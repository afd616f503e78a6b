import { callAs } from '../call/caller.ts';
import type { Exchange, Issue } from '../call/exchange.ts';
import { type PanelSession, sessionGivers } from '../call/panel-session.ts';
import type { Callable } from '../call/services.ts';
import { button, copyButton, el, prose } from '../element.ts';
import { InputEditor } from '../form/input-editor.ts';
import type { SeenIds } from '../schema/seen-ids.ts';
import { hashOfPlace } from '../schema/share-link.ts';
import { resultView } from './result-view.ts';
import { jsonText } from './json-text.ts';

export interface PageSurroundings {
  readonly session: PanelSession;
  readonly seen: SeenIds;
  /** Starts a subscription in the log. */
  readonly follow: (procedure: Callable, input: unknown) => void;
}

/** One procedure: its description, its input and the last result. It is kept while another one is open. */
export class ProcedurePage {
  readonly node: HTMLElement;
  readonly #procedure: Callable;
  readonly #around: PageSurroundings;
  readonly #editor: InputEditor | undefined;
  readonly #result: HTMLElement = el('div', { class: 'result', 'aria-live': 'polite' });
  readonly #call: HTMLButtonElement;
  #running: AbortController | undefined;

  constructor(procedure: Callable, around: PageSurroundings) {
    this.#procedure = procedure;
    this.#around = around;
    const { input, isInputOptional, type } = procedure;
    if (input) this.#editor = new InputEditor(input, isInputOptional, around.seen);
    this.#call = button(type === 'subscription' ? 'Follow' : 'Call', () => void this.call(), {
      class: 'primary',
      title: 'Ctrl+Enter',
      'aria-keyshortcuts': 'Control+Enter',
    });
    this.node = el(
      'article',
      { class: 'procedure', 'aria-label': procedure.name },
      about(procedure),
      el(
        'div',
        { class: 'columns' },
        el(
          'section',
          { class: 'input', 'aria-label': 'Input' },
          el('h2', {}, 'Input'),
          this.#editor?.node ?? el('p', { class: 'nothing' }, 'Takes no input.'),
          this.#bar(),
        ),
        el(
          'section',
          { class: 'output', 'aria-label': 'Response' },
          el('h2', {}, type === 'subscription' ? 'Stream' : 'Response'),
          this.#result,
        ),
      ),
    );
    this.#result.append(
      el(
        'p',
        { class: 'nothing' },
        type === 'subscription' ? 'Received values are shown in the log below.' : 'Not called yet.',
      ),
    );
  }

  fill(input: unknown): void {
    this.#editor?.fill(input);
  }

  focus(): void {
    const first = this.node.querySelector<HTMLElement>('.form input, .form textarea, .form select');
    (first ?? this.#call).focus();
  }

  async call(): Promise<void> {
    const draft = this.#editor?.draft ?? { value: undefined };
    if ('problem' in draft) {
      this.node.querySelector<HTMLElement>('#json')?.focus();
      return;
    }
    if (this.#procedure.type === 'subscription') {
      this.#around.follow(this.#procedure, draft.value);
      return;
    }
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#call.setAttribute('aria-busy', 'true');
    const done = await callAs(this.#around.session, this.#procedure, draft.value, running.signal);
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#call.removeAttribute('aria-busy');
    this.#show(done);
  }

  #show(done: Exchange): void {
    const { seen, session } = this.#around;
    const { outcome } = done;
    const { name } = this.#procedure;
    if (outcome.kind === 'result') seen.noteResult(name, outcome.value);
    this.#editor?.mark(outcome.kind === 'refused' ? (outcome.refusal.issues ?? []) : []);
    const isSession = outcome.kind === 'result' && sessionGivers.includes(name);
    const view = resultView(done, {
      onIssue: (path: Issue['path']) => this.#editor?.focus(path),
      ...(isSession && { onUseSession: () => session.adopt(outcome.value) }),
    });
    this.#result.replaceChildren(view);
    if (matchMedia('(max-width: 60rem)').matches) this.#result.scrollIntoView({ block: 'nearest' });
  }

  #bar(): HTMLElement {
    return el(
      'div',
      { class: 'bar' },
      this.#call,
      this.#editor && button('Reset', () => this.#editor?.reset()),
      copyButton('Copy link', () => this.#link()),
    );
  }

  /** Returns the link to this form as it is filled, without secrets, and sets it as the page's URL. */
  #link(): string {
    const draft = this.#editor?.draft ?? { value: undefined };
    const input = 'value' in draft ? draft.value : undefined;
    history.replaceState(null, '', hashOfPlace({ procedure: this.#procedure.name, input }));
    return location.href;
  }
}

function about({
  name,
  type,
  rest,
  summary,
  description,
  isProtected,
  refusals,
  input,
  output,
}: Callable): HTMLElement {
  const schemas = { ...(input && { input }), ...(output && { output }) };
  return el(
    'header',
    { class: 'about' },
    el(
      'p',
      { class: 'kind' },
      el('span', { class: `badge ${type}` }, type),
      rest !== undefined && el('code', {}, rest),
      !isProtected && el('span', {}, 'for anyone'),
    ),
    el('h1', { tabindex: -1 }, name),
    el('p', { class: 'summary' }, summary),
    description !== undefined && el('p', {}, ...prose(description)),
    el(
      'details',
      {},
      el('summary', {}, 'Schemas and refusals'),
      refusals.length > 0 &&
        el(
          'p',
          { class: 'refusals' },
          'May refuse with ',
          ...refusals.flatMap((reason) => [el('code', {}, reason), ' ']),
        ),
      el('pre', { tabindex: 0 }, jsonText(schemas)),
    ),
  );
}
