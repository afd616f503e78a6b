import { useState } from 'react';
import { explained } from './explained.ts';

export interface Call {
  readonly isBusy: boolean;
  /** The error of the last call, for people. */
  readonly problem: string | undefined;
  readonly run: (work: () => Promise<unknown>) => void;
}

/** Runs the action of a button or form, one at a time. */
export function useCall(): Call {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const attempt = async (work: () => Promise<unknown>) => {
    if (isBusy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(await explained(error));
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, run: (work) => void attempt(work) };
}
