/**
 * Why a message was not sent although the service did not refuse it. `cancelled`: it was cancelled here or in another
 * tab. `closed`: the outbox was closed. `session_ended`: the person signed out or was signed out. After `closed` and
 * `session_ended` the message is kept for this person's next outbox, unless the sign-out discards it. `file_lost`: the
 * content of a file is not on this device any more. `file_refused`: something between the client and the service, a proxy
 * for example, does not let a file pass.
 */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  readonly reason: 'cancelled' | 'closed' | 'session_ended' | 'file_lost' | 'file_refused';

  constructor(reason: NotSentError['reason']) {
    super(
      {
        cancelled: 'the message was cancelled',
        closed: 'the outbox was closed',
        session_ended: 'the session has ended',
        file_lost: 'the content of a file is not on this device any more',
        file_refused: 'a file was refused on its way to the service',
      }[reason],
    );
    this.reason = reason;
  }
}
