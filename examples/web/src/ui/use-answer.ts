import { useEffect, useState } from 'react';
import { sentenceOf } from './sentence-of.ts';

export interface Answer<T> {
  /** Undefined until it has arrived. */
  readonly answer: T | undefined;
  readonly problem: string | undefined;
  readonly askAgain: () => void;
}

/** Calls once for each `about`, and again on demand; for lists that no event keeps up to date. */
export function useAnswer<T>(ask: () => Promise<T>, about: string): Answer<T> {
  const [answer, setAnswer] = useState<T>();
  const [problem, setProblem] = useState<string>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isWanted = true;
    ask().then(
      (given) => isWanted && (setAnswer(given), setProblem(undefined)),
      (error: unknown) => isWanted && setProblem(sentenceOf(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [about, round]);
  return { answer, problem, askAgain: () => setRound((before) => before + 1) };
}
