import { type ConnectionStatus } from '@fechatter/client';
import { useConnection } from '@fechatter/client/react';

const words: Readonly<Record<ConnectionStatus, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'Reconnecting…',
  offline: 'Offline',
  ended: 'Signed out',
};

/** How it stands with the connection, and what waits to be sent. */
export function ConnectionNote() {
  const { status, unsent } = useConnection();
  const waiting = unsent.filter(({ state }) => state === 'pending').length;
  const isLate = waiting > 0 && status !== 'live';
  return (
    <p className="connection" role="status" data-status={status}>
      {words[status]}
      {isLate && `, ${waiting === 1 ? '1 message waits' : `${waiting} messages wait`} to be sent`}
    </p>
  );
}
