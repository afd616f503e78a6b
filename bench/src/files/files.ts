import type { Benchmark, Figure, Need, Target } from '../benchmark.ts';
import { interleaved } from '../frame/interleaved.ts';
import { curlNeed } from './curl.ts';
import { type Cost, type Name, openStage } from './stage.ts';

const nginxNeed: Need = { name: 'nginx', places: ['/usr/sbin/nginx', 'nginx'], install: 'apt-get install nginx' };
const MIB = 1_048_576;
const MEMORY_MAX_MIB = 150;
const OF_NGINX_MIN = 0.5;

const titles: Readonly<Record<Name, string>> = { server: 'server', nginx: 'nginx', bare: 'store without encryption' };
const directions = { up: 'upload', down: 'download' } as const;

/** A large file up and down through one server. */
export const files: Benchmark = {
  name: 'files',
  title: 'a file of 1 GiB up and down',
  needs: [nginxNeed, curlNeed],
  async run({ isQuick, folder, found, nodeArgs, print }) {
    const sizeBytes = (isQuick ? 64 : 1_024) * MIB;
    await using stage = await openStage({ folder, found, nodeArgs, sizeBytes });
    const names: readonly Name[] = found.has('nginx') ? ['server', 'nginx', 'bare'] : ['server', 'bare'];
    const contenders = Object.fromEntries(
      names.flatMap((name) =>
        (['up', 'down'] as const).map((direction) => [`${name} ${direction}`, () => stage.measure(name, direction)]),
      ),
    );
    const runs: Record<string, Cost[]> = await interleaved(isQuick ? 1 : 3, contenders);
    for (const [name, costs] of Object.entries(runs))
      print(
        `  ${name}: ${costs.map((cost) => `${cost.mibPerSecond.toFixed(0)} MiB/s, ${cost.cpuSecondsPerGib.toFixed(2)} s/GiB, ${cost.memoryMib.toFixed(0)} MiB`).join('; ')}`,
      );
    const figures = (['up', 'down'] as const).flatMap((direction) =>
      names.flatMap((name): Figure[] => {
        const costs = runs[`${name} ${direction}`] ?? [];
        const figure = (what: string, unit: string, of: (cost: Cost) => number, target?: Target): Figure => ({
          name: `${titles[name]}, ${directions[direction]}: ${what}`,
          unit,
          runs: costs.map(of),
          ...(name === 'server' && { reference: `${titles.nginx}, ${directions[direction]}: ${what}` }),
          ...(target !== undefined && { target }),
        });
        const atLeast: Target = { of: 'ratio', atLeast: OF_NGINX_MIN };
        const hasTarget = name === 'server' && direction === 'down';
        return [
          figure('throughput', 'MiB/s', (cost) => cost.mibPerSecond, hasTarget ? atLeast : undefined),
          figure('CPU a GiB', 's', (cost) => cost.cpuSecondsPerGib),
          {
            name: `${titles[name]}, ${directions[direction]}: memory above idle`,
            unit: 'MiB',
            runs: costs.map((cost) => cost.memoryMib),
            ...(name === 'server' && { target: { of: 'median', atMost: MEMORY_MAX_MIB } }),
          },
        ];
      }),
    );
    return {
      figures,
      plots: [],
      notes: [
        'curl sends and receives for all of them, and shares the cores. The server and the store get parts of 8 MiB, three at a time, as the SDK sends them; nginx gets one PUT, written to its file system without fsync, and serves with `sendfile`.',
        'The server encrypts, and says that a part is stored after fsync. "Store without encryption" is its folder of files behind `node:http`: parts and fsync, but no encryption, database, token or check of who may read; only this benchmark has it.',
        'Memory: the most that was resident during the transfer, sampled each 10 ms, above what was resident before the first transfer. Each has received and served the file once before, and the bytes were compared.',
      ],
    };
  },
};
