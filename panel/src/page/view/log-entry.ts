import type { Refusal } from '../call/exchange.ts';
import { el } from '../element.ts';
import type { Frame } from '../live/frames.ts';
import { jsonText } from './json-text.ts';
import { refusalView } from './refusal-view.ts';

const SHORT_CHARS = 300;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{8}(?<end>[0-9a-f]{4})/g;

const now = () => {
  const at = new Date();
  return el('time', { datetime: at.toISOString() }, at.toLocaleTimeString('en-GB'));
};

/** One received value: a line that opens to the whole value and its raw frame. */
export function entryView(value: unknown, frame: Frame): HTMLElement {
  const { kind, ...rest } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const name = typeof kind === 'string' ? kind : frame.event;
  const short = (value === undefined ? frame.data : JSON.stringify(rest).replace(UUID, '…$<end>')).slice(
    0,
    SHORT_CHARS,
  );
  return el(
    'li',
    { 'data-kind': name, class: value === undefined ? 'quiet' : '' },
    el(
      'details',
      {},
      el('summary', {}, now(), el('strong', {}, name), el('span', { class: 'short' }, short)),
      value !== undefined && el('pre', { tabindex: 0 }, jsonText(value)),
      el('p', { class: 'part' }, 'Wire'),
      el('pre', { tabindex: 0 }, frame.raw),
    ),
  );
}

/** A note of the panel about the stream. */
export function noteView(text: string, refusal?: Refusal): HTMLElement {
  return el('li', { class: 'note' }, now(), refusal ? refusalView(refusal) : el('span', {}, text));
}
