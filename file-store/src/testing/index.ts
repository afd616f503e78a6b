export * from './faulty-proxy.ts';
export * from './s3-server.ts';
