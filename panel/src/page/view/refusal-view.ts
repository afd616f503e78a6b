import type { Issue, Refusal } from '../call/exchange.ts';
import { button, el, prose } from '../element.ts';

/** An error: the reason, what to do, and the issues of the input. */
export function refusalView(refusal: Refusal, onIssue?: (path: Issue['path']) => void): HTMLElement {
  const { reason, code, message, requestId, issues = [], retryAfterMs } = refusal;
  const wait = retryAfterMs === undefined ? '' : `Try again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
  return el(
    'div',
    { class: 'refusal', role: 'alert' },
    el(
      'p',
      { class: 'reason' },
      el('code', {}, reason ?? 'refused'),
      code !== undefined && el('span', { class: 'hint' }, code),
    ),
    el('p', {}, ...prose(message)),
    wait !== '' && el('p', {}, wait),
    issues.length > 0 && el('ul', { class: 'issues' }, ...issues.map((issue) => issueRow(issue, onIssue))),
    requestId !== undefined && el('p', { class: 'hint' }, 'Request ', el('code', {}, requestId)),
  );
}

function issueRow({ path, message }: Issue, onIssue?: (path: Issue['path']) => void): HTMLElement {
  const name = path.join('.') || 'input';
  const place = onIssue ? button(name, () => onIssue(path), { class: 'link code' }) : el('code', {}, name);
  return el('li', {}, place, ' ', message);
}
