import { isFechatterError } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { Problem } from '../ui/form.tsx';
import { useCall } from '../ui/use-call.ts';
import { useResult } from '../ui/use-result.ts';
import { texts } from './texts.ts';

/** Each one is asked for by itself. */
const SHOWN_MAX = 50;

/** The people whom the person blocks, also those with whom they share no workspace any more. */
export function BlockedPeople({ ids }: { readonly ids: readonly string[] }) {
  const shown = ids.slice(0, SHOWN_MAX);
  const { result: names, problem } = useResult(() => Promise.all(shown.map(nameOf)), shown.join());
  const { run, problem: refusal } = useCall();
  if (ids.length === 0) return <p className="quiet">{texts.noneBlocked}</p>;
  return (
    <>
      <p className="quiet">{texts.blockedHint}</p>
      <Problem text={problem ?? refusal} />
      <ul className="rows">
        {shown.map((userId, at) => {
          const name = names?.[at] ?? userId;
          return (
            <li key={userId}>
              <span className="name" dir="auto">
                {name}
              </span>
              <button
                type="button"
                aria-label={texts.unblockName(name)}
                onClick={() => run(() => chatter.user.unblock.mutate({ userId }))}
              >
                {texts.unblock}
              </button>
            </li>
          );
        })}
      </ul>
      {ids.length > SHOWN_MAX && <p className="quiet">{texts.more(ids.length - SHOWN_MAX)}</p>}
    </>
  );
}

/** Undefined for a person whom the caller cannot see any more. */
async function nameOf(userId: string): Promise<string | undefined> {
  try {
    return (await chatter.user.get.query({ userId })).fullName;
  } catch (error) {
    if (isFechatterError(error, 'user_not_found')) return undefined;
    throw error;
  }
}
