import type { RunOptions } from '../benchmark.ts';
import { EndingTogether } from '../frame/ending-together.ts';
import { interleaved } from '../frame/interleaved.ts';
import type { BenchDatabase } from '../system/bench-database.ts';
import { type Arena, openArena, type Round } from './arena.ts';
import type { Contender, Crowd } from './contender.ts';
import { frameTemplate } from './frame-template.ts';
import { nchanContender } from './nchan-contender.ts';
import { bareHub, stockTrpc } from './node-contenders.ts';
import { notifyContender } from './notify-contender.ts';

/** The results of all contenders with one crowd. */
export interface Measured {
  readonly crowd: Crowd;
  readonly contenders: ReadonlyMap<
    string,
    { readonly memoryBytesPerSubscriber: number; readonly rounds: readonly Round[] }
  >;
  /** Percent of a core, in the first minute after the last message and in the second. */
  readonly idlePercents: readonly [after: number, later: number] | undefined;
  readonly startMs: number;
}

const IDLE_MS = 60_000;
const IDLE_CROWD = 1_000;
const AT_ONCE_OF_MANY = 32;
const MESSAGES_MIN = 3;
/** For slow contenders: one message to 10,000 streams keeps them busy for seconds. */
const SLOW_MESSAGES_MIN = 1;

export async function measureCrowd(
  { isQuick, folder, found, nodeArgs }: RunOptions,
  database: BenchDatabase,
  crowd: Crowd,
): Promise<Measured> {
  await using opened = new EndingTogether();
  const notify = opened.use(await notifyContender({ folder, database, crowd, nodeArgs }));
  const contenders: Contender[] = [notify];
  const { frameOf, eventOf } = await frameTemplate(notify);
  const nginx = found.get('nginx');
  const module = found.get('nchan');
  if (nginx !== undefined && module !== undefined)
    contenders.push(opened.use(await nchanContender({ folder, nginx, module, crowd, frameOf })));
  contenders.push(opened.use(await bareHub({ folder, crowd, bodyOf: frameOf })));
  contenders.push(opened.use(await stockTrpc({ folder, crowd, bodyOf: eventOf })));
  const arenas: Arena[] = [];
  for (const contender of contenders) arenas.push(opened.use(await openArena(contender, crowd, folder)));

  const isMany = crowd.rooms > 1;
  const roundOf = (arena: Arena) => () => {
    const isSlow = arena.contender.name === 'stock tRPC';
    const deliveries = (isQuick ? 4_000 : isMany ? 30_000 : 80_000) / (isSlow ? 12 : 1);
    const perMessage = crowd.subscribers / crowd.rooms;
    return arena.round(
      Math.max(isSlow ? SLOW_MESSAGES_MIN : MESSAGES_MIN, Math.ceil(deliveries / perMessage)),
      isMany ? AT_ONCE_OF_MANY : 1,
    );
  };
  const runs = Object.fromEntries(arenas.map((arena) => [arena.contender.name, roundOf(arena)]));
  // The first round warms up: compilers, caches and the kernel's buffers.
  await interleaved(1, runs);
  const rounds = await interleaved(isQuick ? 2 : 5, runs);
  const isIdleMeasured = crowd.subscribers === IDLE_CROWD && !isMany && !isQuick;
  const ours = arenas.find(({ contender }) => contender === notify);
  return {
    crowd,
    contenders: new Map(
      arenas.map(({ contender: { name }, memoryBytesPerSubscriber }) => [
        name,
        { memoryBytesPerSubscriber, rounds: rounds[name] ?? [] },
      ]),
    ),
    idlePercents:
      isIdleMeasured && ours ? [await ours.idlePercent(IDLE_MS), await ours.idlePercent(IDLE_MS)] : undefined,
    startMs: notify.service.startMs,
  };
}
