import { createLog } from '@fechatter/service-kit';

/** Commands print their own output. */
export const silent = createLog({ name: 'fechatter', level: 'silent', pretty: false });
