import type { Stage } from './authorisation-stage.ts';
import type { Row, Verdict } from './authorisation-table.ts';

/** outsider, former, wsAdmin, wsOwner, member, admin, owner */
export type Seven = readonly [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict];
export interface ChatRow extends Pick<Row, 'path' | 'about' | 'spends'> {
  readonly input?: (stage: Stage) => object;
  /** Group and PrivateChannel: member, admin, owner; no one else can see it. */
  readonly closed: readonly [Verdict, Verdict, Verdict];
  /** PrivateChannel, where it is another. */
  readonly channels?: ChatRow['closed'];
  readonly former?: Verdict;
  readonly open: Seven;
  /** Of the two in a Single chat; no one else can see it. */
  readonly single: Verdict;
  /** Of a Guest who is in it, where it is not that of a member. A Guest who is not in it sees no chat of any type. */
  readonly guest?: Verdict;
}
