import { chatter } from '../chatter.ts';
import { dateAndTimeOf } from '../texts/when.ts';
import { RenameSession } from '../session-name/rename-session.tsx';
import { Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { useCall } from '../ui/use-call.ts';
import { usePages } from '../ui/use-pages.ts';
import { texts } from './texts.ts';

/** The devices on which the person is signed in. */
export function SessionList() {
  const pages = usePages(async (cursor) => {
    const { sessions, nextCursor } = await chatter.auth.sessions.query({ cursor });
    return { rows: sessions, nextCursor };
  }, 'sessions');
  const ending = useCall();
  const end = (sessionId: string) =>
    ending.run(async () => {
      await chatter.auth.revokeSession.mutate({ sessionId });
      pages.askAgain();
    });
  const endOthers = () =>
    ending.run(async () => {
      await chatter.auth.signoutOthers.mutate();
      pages.askAgain();
    });
  return (
    <section>
      <h3>{texts.sessions}</h3>
      <Problem text={pages.problem ?? ending.problem} />
      <ul className="rows">
        {pages.rows?.map(({ id, current, name, userAgent, ip, lastUsedAt }) => (
          <li key={id}>
            <span className="name">
              {name ?? deviceOf(userAgent)}
              <small>
                {current ? texts.thisDevice : texts.lastUsed(dateAndTimeOf(lastUsedAt))}
                {ip !== null && ` · ${ip}`}
              </small>
            </span>
            <RenameSession key={name} sessionId={id} name={name} onRenamed={pages.askAgain} />
            {!current && (
              <button type="button" onClick={() => end(id)}>
                {texts.signOut}
              </button>
            )}
          </li>
        ))}
        <More pages={pages} />
      </ul>
      {(pages.rows?.length ?? 0) > 1 && (
        <button type="button" onClick={endOthers}>
          {texts.signOutOthers}
        </button>
      )}
    </section>
  );
}

/** A short name of a browser from its user agent. */
function deviceOf(userAgent: string | null): string {
  if (userAgent === null) return texts.unknownDevice;
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(userAgent)?.[1] ?? userAgent.slice(0, 40);
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  return system === undefined ? browser : texts.browserOn({ browser, system });
}
