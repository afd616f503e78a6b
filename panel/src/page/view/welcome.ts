import type { Callable } from '../call/services.ts';
import { el } from '../element.ts';

/** The page that is shown before a procedure is chosen. */
export function welcomeView(procedures: readonly Callable[], failures: readonly string[]): HTMLElement {
  const services = new Set(procedures.map(({ serviceUrl }) => serviceUrl)).size;
  return el(
    'article',
    { class: 'welcome' },
    ...failures.map((failure) => el('p', { class: 'refusal', role: 'alert' }, failure)),
    el('h1', {}, 'Try every procedure by hand'),
    el(
      'p',
      {},
      `${procedures.length} procedures of ${services === 1 ? 'one service' : `${services} services`}, called on tRPC’s own wire.`,
    ),
    el(
      'ol',
      {},
      el('li', {}, 'Sign up, top right. ', el('em', {}, 'Make someone up'), ' fills the form.'),
      el('li', {}, 'Make a workspace and a chat. Inputs offer the ids that have been seen.'),
      el(
        'li',
        {},
        'Follow ',
        el('a', { href: '#/notification.events' }, 'notification.events'),
        ', then send a message: it comes in live.',
      ),
      el('li', {}, 'Stop the stream, send some more, resume: nothing is missing.'),
    ),
    el(
      'p',
      { class: 'hint' },
      'A second tab can be a second person. Links to a filled form never carry passwords or tokens.',
    ),
  );
}
