import type { Exchange, Issue } from '../call/exchange.ts';
import { button, copyButton, el } from '../element.ts';
import { jsonText } from './json-text.ts';
import { refusalView } from './refusal-view.ts';
import { wireText } from './wire-text.ts';

export interface ResultOptions {
  readonly onIssue: (path: Issue['path']) => void;
  /** Set if the result is a session: uses it as the panel's. */
  readonly onUseSession?: () => void;
}

/** The result of a call: status, time and size, the value or the error, and the exchange on the wire. */
export function resultView(done: Exchange, { onIssue, onUseSession }: ResultOptions): HTMLElement {
  const { received, durationMs, outcome } = done;
  const isFine = outcome.kind === 'result';
  const size = received ? `${new TextEncoder().encode(received.body).length.toLocaleString('en')} B` : '';
  const status = received ? `${received.status} ${received.statusText}`.trim() : 'no response';
  const wire = wireText(done);
  const shown = outcome.kind === 'result' ? (JSON.stringify(outcome.value, null, 2) ?? '') : wire;
  return el(
    'div',
    { class: 'result' },
    el(
      'p',
      { class: 'facts' },
      el('strong', { class: isFine ? 'fine' : 'wrong', 'data-status': received?.status ?? '' }, status),
      el('span', {}, `${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms`),
      el('span', {}, size),
      copyButton('Copy', () => shown),
      onUseSession && button('Use this session', onUseSession),
    ),
    valueView(done, onIssue),
    el('details', { class: 'wire' }, el('summary', {}, 'Wire'), el('pre', { tabindex: 0 }, wire)),
  );
}

function valueView({ outcome }: Exchange, onIssue: ResultOptions['onIssue']): HTMLElement {
  if (outcome.kind === 'refused') return refusalView(outcome.refusal, onIssue);
  if (outcome.kind === 'failed') return el('p', { class: 'refusal', role: 'alert' }, outcome.message);
  if (outcome.value === undefined) return el('p', { class: 'nothing' }, 'Done; nothing comes back.');
  return el('pre', { class: 'value', tabindex: 0 }, jsonText(outcome.value));
}
