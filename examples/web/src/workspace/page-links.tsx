import { pageLink, useRoute, type WorkspacePageName } from '../route.ts';
import { texts as savedTexts } from '../saved/texts.ts';
import { texts as threadTexts } from '../threads/texts.ts';
import { useUnreadThreads } from '../threads/unread-threads.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

/** Links to the pages of a workspace that are above its conversations. */
export function PageLinks({ workspaceId }: { readonly workspaceId: string }) {
  const unread = useUnreadThreads(workspaceId).size;
  return (
    <ul className="pages">
      <li>
        <PageLink workspaceId={workspaceId} page="threads" icon="thread" unread={unread}>
          {threadTexts.list}
        </PageLink>
      </li>
      <li>
        <PageLink workspaceId={workspaceId} page="saved" icon="bookmark">
          {savedTexts.title}
        </PageLink>
      </li>
    </ul>
  );
}

interface PageLinkProps {
  readonly workspaceId: string;
  readonly page: WorkspacePageName;
  readonly icon: IconName;
  readonly unread?: number;
  readonly children: string;
}

function PageLink({ workspaceId, page, icon, unread = 0, children }: PageLinkProps) {
  const isCurrent = useRoute().page === page;
  return (
    <a href={pageLink(workspaceId, page)} aria-current={isCurrent ? 'page' : undefined} data-unread={unread > 0}>
      <Icon name={icon} />
      <span className="name">{children}</span>
      {unread > 0 && (
        <span className="badge">
          {unread}
          <span className="spoken"> {threadTexts.unread}</span>
        </span>
      )}
    </a>
  );
}
