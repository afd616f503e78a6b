import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/**
 * Whom Postgres runs as; it refuses root. `namespace`: still us for the kernel, so every file of ours can be reached,
 * but another uid inside. `dropped`: really another user, who must be able to reach the files.
 */
export type Identity =
  | { readonly kind: 'self' }
  | { readonly kind: 'namespace'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'dropped'; readonly uid: number; readonly gid: number };

/** Our uid; -1 where there are none (Windows). */
export const ownUid = (): number => process.getuid?.() ?? -1;

/** Who owns, on disk, what this identity writes. */
export function fileOwner(identity: Identity): { uid: number; gid: number } {
  if (identity.kind === 'dropped') return { uid: identity.uid, gid: identity.gid };
  return { uid: ownUid(), gid: process.getgid?.() ?? -1 };
}

/** initdb asks for its user's name and gives up when /etc/passwd has none (as in many containers). */
export function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/** The unprivileged user of this machine: one that has a name, for initdb. */
export function unprivilegedUser(): { uid: number; gid: number } {
  const row = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd());
  return { uid: Number(row?.[1] ?? 65_534), gid: Number(row?.[2] ?? 65_534) };
}

function passwd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}

/** Starts a program as an identity. `unshare` turns into the program, so the child's pid is the program's. */
export function spawnAs(identity: Identity, command: string, args: string[], options: SpawnOptions): ChildProcess {
  const env = bareEnvironment();
  switch (identity.kind) {
    case 'self':
      return spawn(command, args, { ...options, env });
    case 'namespace': {
      const { uid, gid } = identity;
      const wrapped = ['--user', `--map-user=${uid}`, `--map-group=${gid}`, command, ...args];
      return spawn('unshare', wrapped, { ...options, env });
    }
    case 'dropped':
      return spawn(command, args, { ...options, env, uid: identity.uid, gid: identity.gid });
    default:
      return identity satisfies never;
  }
}

/** PG*, LANG and LC_* of the caller would change what is made; only what is needed to find programs and libraries stays. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];
  const inherited = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC' };
}

const outputMaxChars = 64_000;
const runTimeoutMs = 120_000;

/** Runs a program to its end. Not being able to start is an exit code of null and the reason as output. */
export function runAs(
  identity: Identity,
  command: string,
  args: string[],
  cwd?: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    let output = '';
    const take = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-outputMaxChars);
    };
    const child = spawnAs(identity, command, args, { cwd, timeout: runTimeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
