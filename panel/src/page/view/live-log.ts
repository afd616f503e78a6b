import type { Refusal } from '../call/exchange.ts';
import type { PanelSession } from '../call/panel-session.ts';
import type { Callable } from '../call/services.ts';
import { button, el } from '../element.ts';
import type { Frame } from '../live/frames.ts';
import { type LiveListener, type LiveState, LiveStream } from '../live/live-stream.ts';
import type { SeenIds } from '../schema/seen-ids.ts';
import { entryView, noteView } from './log-entry.ts';

const ENTRIES_MAX = 1_000;
const statusTexts = { connecting: 'connecting', live: 'live', waiting: 'trying again', stopped: 'stopped' } as const;

/** The log of a running subscription, with buttons to stop and resume it; it stays while other procedures are open. */
export class LiveLog implements LiveListener {
  readonly node: HTMLElement;
  readonly #session: PanelSession;
  readonly #seen: SeenIds;
  readonly #title = el('strong', {});
  readonly #state = el('span', { class: 'state', role: 'status' });
  readonly #facts = el('span', { class: 'hint' });
  readonly #entries = el('ol', { class: 'entries', tabindex: 0, 'aria-label': 'Events' });
  readonly #frames = el('input', { type: 'checkbox', id: 'log-frames' });
  readonly #stop = button('Stop', () => this.#stream?.stop());
  readonly #resume = button('Resume', () => this.#start(), { title: 'Resumes after the last id' });
  readonly #afresh = button('From now', () => this.#restart(), { title: 'Starts again without an id' });
  readonly #fold = button('Hide', () => this.#toggle(), { 'aria-expanded': 'true' });
  #stream: LiveStream | undefined;
  #count = 0;

  constructor(session: PanelSession, seen: SeenIds) {
    this.#session = session;
    this.#seen = seen;
    const clear = button('Clear', () => this.#entries.replaceChildren());
    this.node = el(
      'section',
      { class: 'log', 'aria-label': 'Live log', hidden: true },
      el(
        'header',
        {},
        el('p', { class: 'facts' }, this.#state, this.#title, this.#facts),
        el(
          'div',
          { class: 'bar' },
          this.#stop,
          this.#resume,
          this.#afresh,
          clear,
          el('label', { class: 'check', for: 'log-frames' }, this.#frames, 'pings'),
          this.#fold,
        ),
      ),
      this.#entries,
    );
    session.onChange(() => {
      if (session.current === undefined) this.#stream?.stop();
    });
  }

  follow(procedure: Callable, input: unknown): void {
    this.#stream?.stop();
    this.#stream = new LiveStream(this.#session, procedure, input, this);
    this.#title.textContent = procedure.name;
    this.#entries.replaceChildren();
    this.#count = 0;
    this.node.hidden = false;
    if (this.node.classList.contains('folded')) this.#toggle();
    this.#start();
  }

  onValue(value: unknown, frame: Frame): void {
    this.#count += 1;
    this.#seen.noteResult(this.#stream?.procedure.name ?? '', value);
    this.#add(entryView(value, frame));
  }

  onFrame(frame: Frame): void {
    if (this.#frames.checked) this.#add(entryView(undefined, frame));
  }

  onNote(text: string, refusal?: Refusal): void {
    this.#add(noteView(text, refusal));
  }

  onState(state: LiveState): void {
    this.#state.textContent = statusTexts[state];
    this.#state.dataset['state'] = state;
    const isStopped = state === 'stopped';
    this.#stop.hidden = isStopped;
    this.#resume.hidden = !isStopped || this.#stream?.lastEventId === undefined;
  }

  #start(): void {
    void this.#stream?.start();
  }

  #restart(): void {
    if (this.#stream) this.follow(this.#stream.procedure, this.#stream.input);
  }

  #add(entry: HTMLElement): void {
    const isAtEnd = this.#entries.scrollTop + this.#entries.clientHeight >= this.#entries.scrollHeight - 8;
    this.#entries.append(entry);
    while (this.#entries.children.length > ENTRIES_MAX) this.#entries.firstElementChild?.remove();
    if (isAtEnd) this.#entries.scrollTop = this.#entries.scrollHeight;
    const id = this.#stream?.lastEventId;
    this.#facts.textContent = `${this.#count} received${id === undefined ? '' : ` · last id ${id}`}`;
  }

  #toggle(): void {
    const isFolded = this.node.classList.toggle('folded');
    this.#fold.textContent = isFolded ? 'Show' : 'Hide';
    this.#fold.setAttribute('aria-expanded', String(!isFolded));
  }
}
