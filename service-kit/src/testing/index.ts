export { dnsServer } from './dns-server.ts';
export { gate } from './gate.ts';
export { testConfig, testEnvironment } from './test-config.ts';
export { collectedLog, silentLog } from './test-log.ts';
export { testKeys } from './test-keys.ts';
export { listening } from './test-service.ts';
export { testShell } from './test-shell.ts';
