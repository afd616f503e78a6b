import { useEffect, useState } from 'react';
import { explained } from './explained.ts';

export interface Result<T> {
  /** Undefined until it has arrived. */
  readonly result: T | undefined;
  readonly problem: string | undefined;
  readonly askAgain: () => void;
}

/** Calls once for each `about`, and again on demand; for lists that no event keeps up to date. */
export function useResult<T>(ask: () => Promise<T>, about: string): Result<T> {
  const [result, setResult] = useState<T>();
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isWanted = true;
    ask().then(
      (given) => isWanted && (setResult(given), setProblem(undefined)),
      async (error: unknown) => {
        const sentence = await explained(error);
        if (isWanted) setProblem(sentence);
      },
    );
    return () => {
      isWanted = false;
    };
  }, [about, round]);
  return { result, problem, askAgain: () => setRound((before) => before + 1) };
}
