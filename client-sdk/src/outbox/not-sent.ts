/**
 * Why a message was not sent though the service did not refuse it. `cancelled`: here or in another tab. `closed`: the
 * outbox was closed. `session_ended`: its person has signed out, or was. What is closed or signed out with stays kept
 * for this person's next outbox, unless the sign-out discards it.
 */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly reason: 'cancelled' | 'closed' | 'session_ended';

  constructor(reason: NotSentError['reason']) {
    super(
      {
        cancelled: 'the message was cancelled',
        closed: 'the outbox was closed',
        session_ended: 'the session has ended',
      }[reason],
    );
    this.reason = reason;
  }
}
