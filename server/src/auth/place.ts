import { limitedAddress } from '@fechatter/service-kit';
import type { Context } from '../context.ts';

/** Where a session is used, as far as the server can tell: all tabs of a browser are in one place. */
export const placeOf = ({ address, userAgent }: Pick<Context, 'address' | 'userAgent'>): string =>
  `${limitedAddress(address)} ${userAgent ?? ''}`;

const USER_AGENT_MAX_CHARS = 300;
/** The user agent to keep for the list of sessions. */
export const shownAgent = ({ userAgent }: Pick<Context, 'userAgent'>): string | null =>
  userAgent?.slice(0, USER_AGENT_MAX_CHARS) ?? null;
