import type { PanelSession } from '../call/panel-session.ts';
import { button, el } from '../element.ts';
import { refusalView } from './refusal-view.ts';

type Way = 'signin' | 'signup';
const titles = { signin: 'Sign in', signup: 'Sign up' } as const;
const names = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Niklaus'] as const;

/** The dialog that signs in or signs up. */
export class SignInDialog {
  readonly node: HTMLDialogElement;
  readonly #session: PanelSession;
  readonly #title = el('h2', { id: 'sign-in-title' });
  readonly #fullName = el('input', { id: 'account-name', autocomplete: 'name', required: true });
  readonly #email = el('input', {
    id: 'account-email',
    autocomplete: 'username',
    inputmode: 'email',
    autocapitalize: 'off',
    spellcheck: 'false',
    required: true,
  });
  readonly #password = el('input', {
    id: 'account-password',
    type: 'password',
    autocomplete: 'current-password',
    required: true,
  });
  readonly #nameRow: HTMLElement;
  readonly #submit = el('button', { type: 'submit', class: 'primary' });
  readonly #other: HTMLButtonElement;
  readonly #invent: HTMLButtonElement;
  readonly #refused = el('div', {});
  #way: Way = 'signin';

  constructor(session: PanelSession) {
    this.#session = session;
    this.#nameRow = row('Full name', this.#fullName);
    this.#other = button('', () => this.#show(this.#way === 'signin' ? 'signup' : 'signin'), { class: 'link' });
    this.#invent = button('Make someone up', () => this.#makeUp(), { class: 'link' });
    const onsubmit = (event: Event) => {
      event.preventDefault();
      void this.#send();
    };
    this.node = el(
      'dialog',
      { class: 'sign-in', 'aria-labelledby': 'sign-in-title' },
      el(
        'form',
        { onsubmit, novalidate: true },
        el(
          'div',
          { class: 'head' },
          this.#title,
          button('×', () => this.node.close(), { 'aria-label': 'Close', class: 'leave-out' }),
        ),
        this.#nameRow,
        row('E-mail', this.#email),
        row('Password', this.#password),
        this.#refused,
        el('div', { class: 'bar' }, this.#submit, this.#invent, this.#other),
        el('p', { class: 'hint' }, 'Kept in this tab alone: a second tab can be a second person.'),
      ),
    );
  }

  open(way: Way): void {
    this.#show(way);
    this.node.showModal();
    (way === 'signup' ? this.#fullName : this.#email).focus();
  }

  #show(way: Way): void {
    this.#way = way;
    this.#title.textContent = titles[way];
    this.#submit.textContent = titles[way];
    this.#other.textContent = way === 'signin' ? 'No account yet?' : 'Have an account?';
    this.#nameRow.hidden = way === 'signin';
    this.#invent.hidden = way === 'signin';
    this.#password.autocomplete = way === 'signin' ? 'current-password' : 'new-password';
    this.#refused.replaceChildren();
  }

  #makeUp(): void {
    const name = names[Math.floor(Math.random() * names.length)] ?? 'Ada';
    const part = crypto.getRandomValues(new Uint32Array(2)).reduce((text, word) => text + word.toString(36), '');
    this.#fullName.value = name;
    this.#email.value = `${name.toLowerCase()}-${part}@example.com`;
    this.#password.value = `${part}-${name}`;
  }

  async #send(): Promise<void> {
    const email = this.#email.value;
    const password = this.#password.value;
    const input = this.#way === 'signin' ? { email, password } : { email, password, fullName: this.#fullName.value };
    this.#submit.setAttribute('aria-busy', 'true');
    const { outcome } = await this.#session.call(`auth.${this.#way}`, input);
    this.#submit.removeAttribute('aria-busy');
    if (outcome.kind !== 'result') {
      const refusal =
        outcome.kind === 'refused' ? outcome.refusal : { message: outcome.message, reason: 'no response' };
      this.#refused.replaceChildren(refusalView(refusal));
      return;
    }
    this.#password.value = '';
    this.node.close();
    this.#session.adopt(outcome.value);
  }
}

function row(label: string, input: HTMLInputElement): HTMLElement {
  return el('div', { class: 'field' }, el('label', { for: input.id }, label), input);
}
