import { type Reason, reasons, type SecondFactorMethod } from '@fechatter/contract';
import { TRPCError } from '@trpc/server';

/** One problem of an input. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly code: string;
}

/** How a sign-in continues whose password was right. */
export interface SecondStep {
  /** Opaque, good once, for five minutes. */
  readonly challenge: string;
  readonly methods: readonly SecondFactorMethod[];
}

export interface RefusalOptions {
  /** Replaces the table's sentence; clients see it. */
  readonly message?: string;
  readonly retryAfterMs?: number;
  readonly issues?: readonly Issue[];
  /** With `second_factor_required`. */
  readonly secondFactor?: SecondStep;
  /** Only for the log. */
  readonly cause?: unknown;
}

/** An expected error: the reason names a row of the contract's table. */
export class Refusal extends TRPCError {
  readonly reason: Reason;
  readonly retryAfterMs: number | undefined;
  readonly issues: readonly Issue[] | undefined;
  readonly secondFactor: SecondStep | undefined;

  constructor(reason: Reason, { message, retryAfterMs, issues, secondFactor, cause }: RefusalOptions = {}) {
    const [code, sentence] = reasons[reason];
    super({ code, message: message ?? sentence, cause });
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.issues = issues;
    this.secondFactor = secondFactor;
  }
}

/** Makes an expected error: `throw refuse('chat_not_found')`. */
export function refuse(reason: Reason, options?: RefusalOptions): Refusal {
  return new Refusal(reason, options);
}
