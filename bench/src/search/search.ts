import type { Benchmark, Figure } from '../benchmark.ts';
import { percentile } from '../frame/statistics.ts';
import { CHAT_COUNTS } from './corpus.ts';
import { type Kind, kinds } from './questions.ts';
import { LIMIT, openStage, type Stage } from './stage.ts';

const MESSAGES = 1_000_000;
const MESSAGES_QUICK = 20_000;
const P99_MAX_MS = 200;
/** Beside tsvector, of what is searched most. */
const COMMON_AT_MOST = 3;

interface Times {
  readonly ours: readonly number[];
  readonly clear: readonly number[];
}

/** Finding messages that are encrypted, beside Postgres' own search over the clear text. */
export const search: Benchmark = {
  name: 'search',
  title: 'finding messages',
  needs: [],
  async run(options) {
    const { isQuick, print } = options;
    const messages = options.messages ?? (isQuick ? MESSAGES_QUICK : MESSAGES);
    await using stage = await openStage(options, messages);
    const [rounds, calls] = isQuick ? [1, 20] : [3, 100];
    const figures: Figure[] = [];
    for (const kind of Object.keys(kinds) as Kind[]) {
      for (const [caller, count] of CHAT_COUNTS.entries()) {
        const name = `${kind}, ${count.toLocaleString('en-US')} chats`;
        await timesOf(stage, { kind, caller, calls: 5, first: 0 });
        const times: Times[] = [];
        for (let round = 0; round < rounds; round++)
          times.push(await timesOf(stage, { kind, caller, calls, first: round * calls }));
        figures.push(...figuresOf(name, kind, times));
        const all = times.flatMap(({ ours }) => ours);
        print(`  ${name}: p50 ${percentile(all, 0.5).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms`);
      }
    }
    const { built } = stage;
    figures.push(
      { name: 'index of a message', unit: 'bytes', runs: [built.bytesAMessage], reference: 'tsvector of a message' },
      { name: 'tsvector of a message', unit: 'bytes', runs: [built.clearBytesAMessage] },
      { name: 'the worker builds an index', unit: 'messages a second', runs: [messages / built.seconds] },
      { name: 'the worker, a message of it', unit: 'µs of CPU', runs: [built.workerUs] },
      { name: 'Postgres, a message of it', unit: 'µs of CPU', runs: [built.postgresUs] },
    );
    for (const perSecond of isQuick ? [200] : [500, 2_000]) {
      const lagsMs = await stage.lags(perSecond, isQuick ? 4_000 : 20_000);
      const rate = `${perSecond.toLocaleString('en-US')} sends a second`;
      figures.push(
        { name: `p50 from a commit to the index, ${rate}`, unit: 'ms', runs: [percentile(lagsMs, 0.5)] },
        { name: `p99 from a commit to the index, ${rate}`, unit: 'ms', runs: [percentile(lagsMs, 0.99)] },
      );
    }
    return { figures, plots: [], notes: notesOf(messages, rounds * calls) };
  },
};

/** Each search of ours is followed by the same one of Postgres'; both find the same. */
async function timesOf(
  stage: Stage,
  { kind, caller, calls, first }: { kind: Kind; caller: number; calls: number; first: number },
): Promise<Times> {
  const ours: number[] = [];
  const clear: number[] = [];
  for (let n = first; n < first + calls; n++) {
    const { query, tsquery } = kinds[kind](stage.vocabulary, n);
    const result = await stage.search(caller, query);
    ours.push(result.tookMs);
    if (tsquery === undefined) continue;
    const reference = await stage.searchClear(caller, tsquery);
    clear.push(reference.tookMs);
    if (result.ids.some((id, at) => id !== reference.ids[at]))
      throw new Error(`${query} found other messages than ${tsquery}`);
  }
  return { ours, clear };
}

function figuresOf(name: string, kind: Kind, times: readonly Times[]): Figure[] {
  return [0.5, 0.99].flatMap((part): Figure[] => {
    const label = `${name}: p${part * 100}`;
    const [ours, clear] = [times.map((round) => percentile(round.ours, part)), times.map((round) => round.clear)];
    const isCommon = kind === 'common' && part === 0.5;
    const target = isCommon ? { of: 'ratio', atMost: COMMON_AT_MOST } : { of: 'median', atMost: P99_MAX_MS };
    const figure = { name: label, unit: 'ms', runs: ours, ...((isCommon || part > 0.5) && { target }) } as Figure;
    if (clear.some((round) => round.length === 0)) return [figure];
    const reference = `${label}, tsvector`;
    return [
      { ...figure, reference },
      { name: reference, unit: 'ms', runs: clear.map((round) => percentile(round, part)) },
    ];
  });
}

const notesOf = (messages: number, calls: number): readonly string[] => [
  `${messages.toLocaleString('en-US')} made-up messages of 4 to 20 words in 1,000 chats; words are as frequent as those of a language (Zipf), one message in 20 has a link, one in 20 is Chinese. The callers are in 10, 100 and all of the chats; the first ten have a tenth of all messages.`,
  `${calls} calls of each kind, one at a time, the newest ${LIMIT} hits; each is another word. Ours is the whole call of \`message.search\` over HTTP: tokens, index, access, decrypting and comparing. The reference is one SQL statement over the same messages in clear, with a GIN index over a stored \`tsvector\` ('simple'): it verifies no token, checks no access and uses no encryption. Each of our responses is compared with the reference's.`,
  'CJK has no reference: a text without spaces is one word to the parser of `tsvector`.',
  'The index in bytes is the table with its indexes; the reference is the stored vectors with theirs. The worker builds the index as it does after a rotation of keys; the lag is that of the log, with the messages written by `send_batch()` as a server writes them.',
];
