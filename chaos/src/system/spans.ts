/** Spans of time on this process's monotonic clock, for example those in which bytes were held back. */
export class Spans {
  readonly #spans: { readonly fromMs: number; toMs: number }[] = [];

  /** Begins a span now; the returned function ends it. */
  begin(): () => void {
    const span = { fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY };
    this.#spans.push(span);
    return () => {
      span.toMs = performance.now();
    };
  }

  add(fromMs: number, toMs: number): void {
    this.#spans.push({ fromMs, toMs });
  }

  /** Whether `fromMs` to `toMs` overlaps a span, or the time until `afterMs` after it. */
  touch(fromMs: number, toMs: number, afterMs = 0): boolean {
    return this.#spans.some((span) => span.fromMs <= toMs && span.toMs + afterMs >= fromMs);
  }
}

const SAMPLE_MS = 20;
const LATE_MS = 60;

/** Records when this process itself was late: what it received then may have arrived earlier. */
export function watchOwnDelays(): { readonly delays: Spans; readonly maxMs: () => number; stop(): void } {
  const delays = new Spans();
  let lastMs = performance.now();
  let maxMs = 0;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const lateMs = nowMs - lastMs - SAMPLE_MS;
    if (lateMs > LATE_MS) delays.add(lastMs, nowMs);
    maxMs = Math.max(maxMs, lateMs);
    lastMs = nowMs;
  }, SAMPLE_MS);
  return { delays, maxMs: () => maxMs, stop: () => clearInterval(timer) };
}
