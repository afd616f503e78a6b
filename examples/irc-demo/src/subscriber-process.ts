import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Credentials, Urls } from './people.ts';
import type { Order, Report } from './subscriber.ts';

type Full = Extract<Report, { kind: 'report' }>;

/** The process that subscribes while others send. */
export interface SubscriberProcess extends Disposable {
  /** What it received, once it has everything up to `lastSeqs`; or after `patienceMs` without any progress. */
  report(lastSeqs: Readonly<Record<string, number>>, patienceMs: number): Promise<Full | undefined>;
}

/** Starts it and waits until all of `people` are connected. */
export async function startSubscribers(
  urls: Urls,
  people: readonly Credentials[],
  isQuiet: boolean,
): Promise<SubscriberProcess> {
  const child = fork(fileURLToPath(new URL('./subscriber.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const send = (order: Order) => child.send(order);
  const reportOf = async (kind: Report['kind'], signal?: AbortSignal): Promise<Report> => {
    for (;;) {
      const [report] = (await once(child, 'message', signal === undefined ? {} : { signal })) as [Report];
      if (report.kind === kind) return report;
    }
  };
  send({ do: 'listen', urls, people, isQuiet });
  await reportOf('listening');
  return {
    async report(lastSeqs, patienceMs) {
      const done = new AbortController();
      let events = -1;
      let timer: NodeJS.Timeout | undefined;
      const watch = (report: Report) => {
        if (report.kind !== 'progress' || report.events === events) return;
        events = report.events;
        clearTimeout(timer);
        timer = setTimeout(() => done.abort(), patienceMs);
      };
      child.on('message', watch);
      send({ do: 'report', lastSeqs });
      try {
        const report = await reportOf('report', done.signal);
        return report.kind === 'report' ? report : undefined;
      } catch {
        return undefined;
      } finally {
        clearTimeout(timer);
        child.off('message', watch);
      }
    },
    [Symbol.dispose]: () => void child.kill(),
  };
}
