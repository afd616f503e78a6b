const pids = new Map<number, NodeJS.Signals>();

process.once('exit', () => {
  for (const [pid, signal] of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // The process has ended meanwhile.
    }
  }
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

/** Makes sure that a process ends with this one, however this one ends; returns a function that cancels that. */
export function endWithThis(pid: number, signal: NodeJS.Signals): () => void {
  pids.set(pid, signal);
  return () => void pids.delete(pid);
}
