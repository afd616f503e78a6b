import { type Consumer, createMessageCipher, type SearchMaking } from '@fechatter/drizzle';
import type { Config, Log } from '@fechatter/service-kit';
import { indexConsumer } from './index-consumer.ts';
import { makingOf } from './making.ts';
import { createTokenMaker, type TokenMaker } from './token-maker.ts';

/** What a worker needs to index messages. */
export interface SearchWork {
  readonly consumer: Consumer;
  readonly maker: TokenMaker;
  readonly making: SearchMaking;
}

export function searchWork(config: Pick<Config<'worker'>, 'search' | 'encryption'>, log: Log): SearchWork {
  const ring = config.encryption.keys;
  const cipher = createMessageCipher(ring.map(({ id, key }) => ({ id, key: Buffer.from(key) })));
  const maker = createTokenMaker({ ring, cipher, log });
  const making = makingOf(config);
  return { consumer: indexConsumer(maker, making), maker, making };
}
