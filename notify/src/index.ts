export { createApp, type AppOptions } from './app.ts';
export { type NotifyRouter, procedures, router } from './router.ts';
export { type RunningNotify, startNotify, type StartOptions } from './start.ts';
export type { Context, Meta } from './trpc.ts';
