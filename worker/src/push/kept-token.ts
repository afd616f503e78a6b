/** A token of a push service, made anew when it is about to expire; one at a time, however many ask for it. */
export interface KeptToken {
  get(): Promise<string>;
  /** The push service does not accept this token: the next one is made anew, but not twice in a while. */
  reject(token: string): void;
}

export interface MadeToken {
  readonly token: string;
  readonly goodForMs: number;
}

export function keepToken(
  make: () => Promise<MadeToken>,
  { againMs, nowMs = () => performance.now() }: { readonly againMs: number; readonly nowMs?: () => number },
): KeptToken {
  let kept: { readonly token: string; readonly madeMs: number; readonly untilMs: number } | undefined;
  let making: Promise<string> | undefined;
  const makeAnew = async () => {
    const madeMs = nowMs();
    const { token, goodForMs } = await make();
    kept = { token, madeMs, untilMs: madeMs + goodForMs };
    return token;
  };
  return {
    async get() {
      if (kept !== undefined && kept.untilMs > nowMs()) return kept.token;
      making ??= makeAnew().finally(() => {
        making = undefined;
      });
      return making;
    },
    reject(token) {
      if (kept?.token === token && nowMs() - kept.madeMs >= againMs) kept = undefined;
    },
  };
}
