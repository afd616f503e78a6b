export { createApp } from './app.ts';
export { type Deps, closeDeps, openDeps } from './deps.ts';
export { type AppRouter, appRouter, procedures } from './router.ts';
export { type RunningServer, startServer } from './start-server.ts';
export { reinstateUser, suspendUser } from './user/suspend-user.ts';
