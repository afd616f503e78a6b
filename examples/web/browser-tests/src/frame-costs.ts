import type { Browser, Page } from 'playwright-core';

/** The cost of frames during some work, each as a sorted list of milliseconds. */
export interface FrameCosts {
  /**
   * CPU time of the page's main thread per frame that scrolled: script, style, layout, paint; valid on a busy machine
   * too.
   */
  readonly mainThreadMs: readonly number[];
  /** The time between two frames, as the page measures it. */
  readonly intervalsMs: readonly number[];
  /** The compositor's own counts of shown and dropped frames. */
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

/** The median, and the 95th and 99th percentiles. */
export function quantilesOf(sorted: readonly number[]) {
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

/** The cost of all tasks between the beginnings of two frames, in the renderer process of the page. */
function mainThreadCosts(events: readonly TraceEvent[]): number[] {
  const begins = events.filter(({ name, ph }) => name === 'BeginMainThreadFrame' && ph !== 'E');
  const [first] = begins;
  if (first === undefined) return [];
  const isMain = ({ pid, tid }: TraceEvent) => pid === first.pid && tid === first.tid;
  const starts = begins.filter(isMain).map(({ ts }) => ts);
  starts.sort((a, b) => a - b);
  // The task that begins a frame started slightly before it.
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

/** As text, because a script runner may add its own calls to functions. */
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
