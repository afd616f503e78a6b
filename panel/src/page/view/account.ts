import type { PanelSession } from '../call/panel-session.ts';
import { button, el } from '../element.ts';
import { SignInDialog } from './sign-in-dialog.ts';

/** Shows who is signed in, with buttons to sign in and out. */
export function accountView(session: PanelSession): HTMLElement {
  const node = el('div', { class: 'account', 'aria-live': 'polite' });
  const dialog = new SignInDialog(session);
  const signOut = async () => {
    await session.call('auth.signout', undefined);
    session.end();
  };
  const show = (why?: string) => {
    const { current } = session;
    if (current === undefined) {
      node.replaceChildren(
        ...(why === undefined ? [] : [el('span', { class: 'wrong' }, why)]),
        button('Sign in', () => dialog.open('signin')),
        button('Sign up', () => dialog.open('signup'), { class: 'primary' }),
      );
    } else {
      node.replaceChildren(
        el('span', { class: 'who', title: `${current.email}\n${current.id}` }, current.fullName),
        button('Sign out', () => void signOut()),
      );
    }
    node.append(dialog.node);
  };
  session.onChange(show);
  show();
  return node;
}
