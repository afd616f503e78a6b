import { sessionIdOf } from '../session/token-claims.ts';
import type { Session } from '../wire.ts';
import type { TabPlatform } from './tab-platform.ts';
import { TabShare, type TabShareOptions } from './tab-share.ts';

export interface OpenTabShareOptions extends Omit<TabShareOptions, 'platform' | 'subject'> {
  readonly platform?: TabPlatform | undefined;
  readonly notifyUrl: string;
  readonly session: Session | null;
}

/** The shared stream of the tabs of one session; undefined if they cannot share: then this tab has its own stream. */
export function openTabShare({ platform, notifyUrl, session, ...options }: OpenTabShareOptions): TabShare | undefined {
  const sessionId = sessionIdOf(session?.token ?? '');
  if (platform === undefined || sessionId === undefined) return undefined;
  const { location } = globalThis as { readonly location?: { readonly href?: string } };
  try {
    const { href } = new URL(notifyUrl, location?.href);
    return new TabShare({ ...options, platform, subject: `${href} ${sessionId}` });
  } catch {
    return undefined;
  }
}
