import { useChat } from '@fechatter/client/react';
import { Fragment } from 'react';
import { chatter } from '../chatter.ts';
import { usePlace } from '../chat/place.ts';
import { CustomGlyph } from '../emoji/glyph.tsx';
import { usePeople } from '../people/people.ts';
import { chatLink } from '../route.ts';
import type { Inline } from './nodes.ts';
import { texts } from './texts.ts';

/** The parts of a line or paragraph as elements. */
export function Inlines({ nodes }: { readonly nodes: readonly Inline[] }) {
  return nodes.map((node, at) => (
    <Fragment key={at}>
      <InlineView node={node} />
    </Fragment>
  ));
}

function InlineView({ node }: { readonly node: Inline }) {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return <code>{node.text}</code>;
    case 'strong':
      return (
        <strong>
          <Inlines nodes={node.children} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inlines nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Inlines nodes={node.children} />
        </s>
      );
    case 'link':
      return <Link {...node} />;
    case 'person':
      return <Person id={node.id} />;
    case 'everyone':
      return (
        <span className="mention" data-own="true">
          {texts.everyone}
        </span>
      );
    case 'chat':
      return <Chat id={node.id} />;
    case 'emoji':
      return <Emoji name={node.name} />;
    default:
      return node satisfies never;
  }
}

/** A link with a label shows where it leads when it is pointed at. */
function Link({ href, children }: Extract<Inline, { readonly kind: 'link' }>) {
  const isBare = children.length === 1 && children[0]?.kind === 'text' && children[0].text === href;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" {...(isBare ? { dir: 'ltr' } : { title: href })}>
      <Inlines nodes={children} />
    </a>
  );
}

function Emoji({ name }: { readonly name: string }) {
  return <CustomGlyph name={name} workspaceId={usePlace().workspaceId} />;
}

function Person({ id }: { readonly id: string }) {
  const people = usePeople(usePlace().workspaceId);
  return (
    <span className="mention" data-own={id === chatter.session?.id} dir="auto">
      {texts.person(people.get(id)?.name)}
    </span>
  );
}

function Chat({ id }: { readonly id: string }) {
  const chat = useChat(id);
  return chat === undefined ? (
    <span className="mention">{texts.unknownChat}</span>
  ) : (
    <a className="mention" href={chatLink(chat)} dir="auto">
      {texts.chat(chat.name)}
    </a>
  );
}
