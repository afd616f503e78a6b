import { filled } from '@fechatter/contract/filled';
import superjson, { type SuperJSONResult } from 'superjson';

/** How values travel: as superjson writes them, without the keys that are empty, which are put back here. */
export const wireForm = {
  serialize: (value: unknown): SuperJSONResult => superjson.serialize(value),
  deserialize: (written: SuperJSONResult): unknown => filled(superjson.deserialize(written)),
};
