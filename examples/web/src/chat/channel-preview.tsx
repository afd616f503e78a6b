import { chatter } from '../chatter.ts';
import { workspaceLink } from '../route.ts';
import { UnsentText } from '../drafts/kept-text.tsx';
import { Icon } from '../ui/icon.tsx';
import { Problem } from '../ui/form.tsx';
import { More } from '../ui/more.tsx';
import { useResult } from '../ui/use-result.ts';
import { useCall } from '../ui/use-call.ts';
import { usePages } from '../ui/use-pages.ts';
import { MessageRow } from './message-row.tsx';
import { linesOf } from './lines.ts';
import { PlaceContext, usePlaceOf } from './place.ts';
import { texts } from './texts.ts';

const PAGE = 50;

/**
 * A public channel that the person is not in: its messages, the newest first, and a button to join. Nothing of it is
 * live.
 */
export function ChannelPreview({ chatId }: { readonly chatId: string }) {
  const { result: chat, problem } = useResult(() => chatter.chat.get.query({ chatId }), chatId);
  const pages = usePages(async (before) => {
    const { messages, hasMore } = await chatter.message.list.query({ chatId, before, limit: PAGE });
    return { rows: messages, nextCursor: hasMore ? (messages.at(-1)?.id ?? null) : null };
  }, chatId);
  const place = usePlaceOf(chat);
  const joining = useCall();

  if (problem !== undefined) {
    return (
      <main className="chat empty">
        <p className="quiet">{problem}</p>
        <UnsentText chatId={chatId} />
        <a href="#/">{texts.backToAll}</a>
      </main>
    );
  }
  // The membership of a member arrives in a moment.
  if (chat === undefined || chat.role !== null) return <main className="chat empty" />;
  const shown = (pages.rows ?? []).map((message) => {
    const { id: key, content, createdAt } = message;
    return { key, state: 'sent', content, createdAt, message } as const;
  });
  return (
    <main className="chat">
      <header>
        <a className="icon back" href={workspaceLink(chat.workspaceId)} aria-label={texts.allConversations}>
          <Icon name="back" />
        </a>
        <span className="sign" aria-hidden="true">
          #
        </span>
        <h2 dir="auto">{chat.name}</h2>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <div className="preview" tabIndex={0} role="region" aria-label={texts.saidIn(chat.name)}>
        <PlaceContext value={place}>
          <div>
            {linesOf(shown.toReversed(), Number.POSITIVE_INFINITY, false).map((line) => (
              <MessageRow key={line.entry.key} {...line} isOwn={false} isModerator={false} />
            ))}
          </div>
        </PlaceContext>
        <More pages={pages} />
      </div>
      <UnsentText chatId={chatId} />
      <footer className="join">
        <span className="quiet">{texts.previewing(chat.name)}</span>
        <Problem text={pages.problem ?? joining.problem} />
        <button
          type="button"
          className="primary"
          onClick={() => joining.run(() => chatter.chat.join.mutate({ chatId }))}
        >
          {texts.join(chat.name)}
        </button>
      </footer>
    </main>
  );
}
