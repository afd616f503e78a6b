import type { Config } from '@fechatter/service-kit';
import { relative } from 'node:path';
import { addressOf, type Running } from './start.ts';

/** The text that `start` prints once everything runs. */
export function summary(config: Config<'launcher'>, running: Running, tookMs: number): string {
  const folder = relative(process.cwd(), config.dataDir) || '.';
  const database =
    running.postgres === undefined
      ? 'the one in FECHATTER_DATABASE_URL'
      : `PostgreSQL on port ${running.postgres.port}, kept in ${folder}/postgres`;
  return `
Fechatter is ready (${(tookMs / 1_000).toFixed(1)} s)
${running.hasWebSite ? `\n  Open ${addressOf(config.server)} in two browser windows, and chat.\n` : ''}
  API          ${addressOf(config.server)}      tRPC at /trpc for @fechatter/client, REST at /api
  Live events  ${addressOf(config.notify)}      what happens, as it happens
  Explorer     ${addressOf(config.server)}/docs${config.server.panel ? `, and a panel to try things on at ${addressOf(config.server)}/panel` : ''}
  Database     ${database}
  Mails        ${config.mail.via === 'files' ? `files in ${folder}/mail; their links are shown here` : config.mail.via}
  Keys, logs   ${folder}/keys, ${folder}/server.log, notify.log, worker.log

  Try it       npx -y pnpm@12 demo      (in another terminal)
  Stop         Ctrl-C
`;
}
