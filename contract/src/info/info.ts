import { z } from 'zod';
import { limits } from '../limits.ts';
import { PushKind } from '../push/push.ts';

const count = z.int().nonnegative();
const fixed = {
  contentMaxChars: count,
  dataMaxChars: count,
  nameMaxChars: count,
  descriptionMaxChars: count,
  urlMaxChars: count,
  emojiMaxChars: count,
  emojiMax: count,
  emojiMaxBytes: count,
  reactionKindsMax: count,
  chatMembersMax: count,
  pageMax: count,
  messageIdsMax: count,
  messageFilesMax: count,
  fileNameMaxChars: count,
  filePartBytes: count,
  fileWholeMaxBytes: count,
  batchMaxCalls: count,
  bodyMaxBytes: count,
};
const fixedNames = Object.keys(fixed) as (keyof typeof fixed)[];

/** The limits that are the same in every deployment. */
export const fixedLimits = Object.fromEntries(fixedNames.map((name) => [name, limits[name]])) as Record<
  keyof typeof fixed,
  number
>;

/**
 * What a client can use and send here. `release` is `major.minor.patch`. `features` names what other releases lack or a
 * deployment can switch off. Lengths are in UTF-16 code units, 0 per minute means no limit, `pushKinds` has the kinds of
 * devices that are notified, and `filesUrl` is where `/f/…` is, if it is not at the server’s own address.
 */
export const Info = z.object({
  release: z.string(),
  features: z.array(z.string()),
  /** The kinds of devices that are notified; empty: pushes are off. */
  pushKinds: z.array(PushKind),
  filesUrl: z.string().nullable(),
  limits: z.object({ ...fixed, sendsPerMinute: count, reactionsPerMinute: count, fileMaxBytes: count }),
});
export type Info = z.infer<typeof Info>;
