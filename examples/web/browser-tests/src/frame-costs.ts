import type { Browser, Page } from 'playwright-core';

/** What frames cost while something ran, each as a sorted list of milliseconds. */
export interface FrameCosts {
  /** CPU time of the page's main thread a frame that scrolled: script, style, layout, paint; right on a busy machine too. */
  readonly mainThreadMs: readonly number[];
  /** From one frame shown to the next, as the page sees them. */
  readonly intervalsMs: readonly number[];
  /** The compositor's own count of frames: shown, and left out. */
  readonly shown: number;
  readonly dropped: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: {
    readonly data?: { readonly type?: string };
    readonly frame_reporter?: { readonly state: string; readonly affects_smoothness: boolean };
  };
}

const CATEGORIES = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
];

/** Records every frame while `work` runs. */
export async function frameCostsOf(browser: Browser, page: Page, work: () => Promise<void>): Promise<FrameCosts> {
  const intervals = await watchIntervals(page);
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const reports = traceEvents.flatMap(({ name, args }) =>
    name === 'PipelineReporter' && args?.frame_reporter ? [args.frame_reporter] : [],
  );
  return {
    mainThreadMs: mainThreadCosts(traceEvents),
    intervalsMs: await intervals(),
    shown: reports.filter(({ state }) => state.startsWith('STATE_PRESENTED')).length,
    dropped: reports.filter(({ state, affects_smoothness }) => state === 'STATE_DROPPED' && affects_smoothness).length,
  };
}

/** The middle, and what 95 and 99 of a hundred stay below. */
export function quantilesOf(sorted: readonly number[]) {
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

/** All tasks between the beginning of a frame and that of the next, in the process that draws the page. */
function mainThreadCosts(events: readonly TraceEvent[]): number[] {
  const begins = events.filter(({ name, ph }) => name === 'BeginMainThreadFrame' && ph !== 'E');
  const [first] = begins;
  if (first === undefined) return [];
  const isMain = ({ pid, tid }: TraceEvent) => pid === first.pid && tid === first.tid;
  const starts = begins.filter(isMain).map(({ ts }) => ts);
  starts.sort((a, b) => a - b);
  // The task that begins a frame has begun a little before it.
  const frameOf = ({ ts, dur = 0 }: TraceEvent) => starts.findLastIndex((start) => start <= ts + dur);
  const scrolls = events.filter((event) => isMain(event) && event.args?.data?.type === 'scroll');
  const scrolled = new Set(scrolls.map(frameOf));
  const costs = starts.map(() => 0);
  const tasks = events.filter((event) => isMain(event) && event.name === 'RunTask' && event.tdur !== undefined);
  for (const task of tasks) {
    const frame = frameOf(task);
    if (frame >= 0) costs[frame] = (costs[frame] ?? 0) + (task.tdur ?? 0) / 1_000;
  }
  return costs.filter((_, frame) => scrolled.has(frame)).toSorted((a, b) => a - b);
}

/** As text, because what runs a script may put calls of its own into functions. */
const WATCH = `{
  const times = (globalThis.frameTimes = []);
  const note = (now) => { times.push(now); requestAnimationFrame(note); };
  requestAnimationFrame(note);
}`;

async function watchIntervals(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(WATCH);
  return async () => {
    const times = await page.evaluate<number[]>('frameTimes');
    const took = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    return took.toSorted((a, b) => a - b);
  };
}
