import { type AnyTRPCProcedure, getTRPCErrorFromUnknown } from '@trpc/server';

/** The arguments of a procedure call over any wire. */
export interface ProcedureCall {
  readonly path: string;
  readonly type: AnyTRPCProcedure['_def']['type'];
  readonly ctx: unknown;
  readonly getRawInput: () => Promise<unknown>;
  readonly batchIndex: number;
}

interface Step extends ProcedureCall {
  readonly input: unknown;
  readonly signal: undefined;
}
type Given = Partial<Pick<Step, 'ctx' | 'input' | 'getRawInput'>>;
type Outcome = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: Error };
type Middleware = (opts: Step & { meta: unknown; next: (given?: Given) => Promise<Outcome> }) => Promise<Outcome>;
interface Chain {
  readonly middlewares: readonly Middleware[];
  readonly meta?: unknown;
}

/**
 * Runs a procedure's own chain (its middleware, input, output and resolver) as tRPC does. tRPC's own runner is compiled
 * for old engines and copies every option through property descriptors, twice a step: 20 µs a call. There is no
 * `signal` here: making one costs as much again, and the context has whether the caller has disconnected.
 */
export async function callProcedure(procedure: AnyTRPCProcedure, call: ProcedureCall): Promise<unknown> {
  const chain = procedure._def as unknown as Chain;
  const outcome = await step(0, chain, { ...call, input: undefined, signal: undefined });
  if (!outcome.ok) throw outcome.error;
  return outcome.data;
}

async function step(index: number, chain: Chain, opts: Step): Promise<Outcome> {
  try {
    const middleware = chain.middlewares[index];
    if (middleware === undefined) throw new Error('a procedure ends with its resolver');
    const next = (given?: Given): Promise<Outcome> =>
      step(index + 1, chain, {
        ...opts,
        ctx: given?.ctx ? { ...(opts.ctx as object), ...given.ctx } : opts.ctx,
        input: given && 'input' in given ? given.input : opts.input,
        getRawInput: given?.getRawInput ?? opts.getRawInput,
      });
    return await middleware({ ...opts, meta: chain.meta, next });
  } catch (cause) {
    return { ok: false, error: getTRPCErrorFromUnknown(cause) };
  }
}
