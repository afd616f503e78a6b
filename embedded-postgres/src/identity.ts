import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/**
 * The user that Postgres runs as; it refuses root. `namespace`: our uid outside, so every file of ours can be read, but
 * another uid inside. `dropped`: a different user, who must have access to the files.
 */
export type Identity =
  | { readonly kind: 'self' }
  | { readonly kind: 'namespace'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'dropped'; readonly uid: number; readonly gid: number };

/** Our uid; -1 if the platform has none (Windows). */
export const ownUid = (): number => process.getuid?.() ?? -1;

/** The owner of files that this identity writes. */
export function fileOwner(identity: Identity): { uid: number; gid: number } {
  if (identity.kind === 'dropped') return { uid: identity.uid, gid: identity.gid };
  return { uid: ownUid(), gid: process.getgid?.() ?? -1 };
}

/** initdb needs its user's name and fails if /etc/passwd has none (as in many containers). */
export function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/** An unprivileged user of this machine that has a name, which initdb needs. */
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

/** Starts a program as an identity. `unshare` replaces itself with the program, so the child's pid is the program's. */
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

/**
 * The caller's PG*, LANG and LC_* would change the result; only what is needed to find programs and libraries stays.
 */
function bareEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];
  const inherited = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...Object.fromEntries(inherited), LC_ALL: 'C', TZ: 'UTC' };
}

const outputMaxChars = 64_000;
const runTimeoutMs = 120_000;

/** Runs a program to its end. If it cannot be started, the exit code is null and the output is the reason. */
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
