import { usePresence } from '@fechatter/client/react';
import { texts } from './texts.ts';

/** Whether a person is there: a filled dot, a ring or nothing, and in words for screen readers. */
export function PresenceDot({ userId }: { readonly userId: string }) {
  const presence = usePresence(userId)?.presence;
  return presence === undefined || presence === 'offline' ? null : (
    <span className="presence" data-presence={presence} title={texts[presence]}>
      <span className="spoken">, {texts[presence]}</span>
    </span>
  );
}

/** A person's own words about what they are doing; nothing if there are none. */
export function CustomStatus({ userId }: { readonly userId: string }) {
  const status = usePresence(userId)?.customStatus ?? null;
  if (status === null) return null;
  return (
    <span className="custom-status quiet" dir="auto">
      {status.emoji !== null && <span className="emoji">{status.emoji}</span>} {status.text}
    </span>
  );
}
