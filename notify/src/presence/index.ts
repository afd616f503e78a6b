import { watch } from './watch.ts';

export const presence = {
  /** Whose presence a stream receives. */
  watch,
};
