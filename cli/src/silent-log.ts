import { createLog } from '@fechatter/service-kit';

/** Commands speak for themselves. */
export const silent = createLog({ name: 'fechatter', level: 'silent', pretty: false });
