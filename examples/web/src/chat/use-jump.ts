import type { useMessages } from '@fechatter/client/react';
import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useState } from 'react';
import { keyOfRow, type Row } from './lines.ts';

export interface JumpOptions {
  /** The message that a link leads to. */
  readonly number: number | undefined;
  readonly history: ReturnType<typeof useMessages>;
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>;
  readonly lines: readonly Row[];
  readonly hasBegun: boolean;
}

/** Scrolls to the message that a link leads to; returns its key, or that of the next one if it is gone. */
export function useJump({
  number,
  history: { toNumber },
  virtualizer,
  lines,
  hasBegun,
}: JumpOptions): string | undefined {
  const [reached, setReached] = useState<number>();
  useEffect(() => {
    if (number === undefined || !hasBegun) return undefined;
    let isWanted = true;
    void toNumber(number).then(() => isWanted && setReached(number));
    return () => {
      isWanted = false;
      setReached(undefined);
    };
  }, [number, hasBegun]);
  const index = reached === undefined ? -1 : lines.findIndex(({ entry }) => (entry?.message?.number ?? 0) >= reached);
  const found = lines[index];
  const key = found && keyOfRow(found);
  useEffect(() => {
    if (key !== undefined) virtualizer.scrollToIndex(index, { align: 'center' });
  }, [key]);
  return key;
}
