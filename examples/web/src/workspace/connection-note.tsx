import { useConnection } from '@fechatter/client/react';
import { texts } from './texts.ts';

/** The state of the connection and of unsent messages, for the eye. */
export function ConnectionNote() {
  const { status } = useConnection();
  return (
    <p className="connection" aria-hidden="true" data-status={status}>
      {useConnectionWords()}
    </p>
  );
}

/** The same for screen readers, once per page. */
export function SpokenConnection() {
  return (
    <p className="spoken" role="status">
      {useConnectionWords()}
    </p>
  );
}

function useConnectionWords(): string {
  const { status, unsent } = useConnection();
  const waiting = unsent.filter(({ state }) => state === 'pending').length;
  if (waiting === 0 || status === 'live') return texts.connection[status];
  return `${texts.connection[status]}, ${texts.waiting(waiting)}`;
}
