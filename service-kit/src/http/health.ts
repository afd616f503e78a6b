/** One condition for a service to be ready. */
export interface ReadyCheck {
  readonly name: string;
  readonly ok: boolean;
  /** Why it fails; without secrets, because anyone can read it. */
  readonly detail?: string;
  /** What an operator should check, although the service stays ready. */
  readonly warning?: string;
}

export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly checks: readonly ReadyCheck[];
}

const READY_DEADLINE_MS = 2_000;
const checkFailed: readonly ReadyCheck[] = [{ name: 'check', ok: false, detail: 'the check itself failed' }];

/** Checks whether a service is ready; a check that takes longer than 2 s fails. */
export async function readiness(
  check: () => Promise<readonly ReadyCheck[]>,
  { isDraining, deadlineMs = READY_DEADLINE_MS }: { readonly isDraining: boolean; readonly deadlineMs?: number },
): Promise<Readiness> {
  if (isDraining) return { status: 'not_ready', checks: [{ name: 'draining', ok: false, detail: 'stopping' }] };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly ReadyCheck[]>((settle) => {
    timer = setTimeout(settle, deadlineMs, [
      { name: 'deadline', ok: false, detail: `no response in ${deadlineMs} ms` },
    ]);
  });
  try {
    const checks = await Promise.race([check().catch(() => checkFailed), late]);
    return { status: checks.every(({ ok }) => ok) ? 'ready' : 'not_ready', checks };
  } finally {
    clearTimeout(timer);
  }
}
