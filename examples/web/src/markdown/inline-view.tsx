import { createContext, Fragment, useContext } from 'react';
import { chatter } from '../chatter.ts';
import { usePlace } from '../chat/place.ts';
import { CustomGlyph } from '../emoji/glyph.tsx';
import { usePeople } from '../people/people.ts';
import { PersonButton } from '../people/person-button.tsx';
import { useReadableChat } from '../chat/use-readable-chat.ts';
import { chatLink } from '../route.ts';
import type { Inline } from './nodes.ts';
import { texts } from './texts.ts';

/** Whether it is shown in the label of a link, where nothing else can be pressed. */
const InLink = createContext(false);

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
      <InLink value={true}>
        <Inlines nodes={children} />
      </InLink>
    </a>
  );
}

function Emoji({ name }: { readonly name: string }) {
  return <CustomGlyph name={name} workspaceId={usePlace().workspaceId} />;
}

function Person({ id }: { readonly id: string }) {
  const name = usePeople(usePlace().workspaceId).get(id)?.name;
  const isOwn = id === chatter.session?.id;
  if (useContext(InLink))
    return (
      <span className="mention" data-own={isOwn} dir="auto">
        {texts.person(name)}
      </span>
    );
  return (
    <PersonButton userId={id} name={name} className="mention" isOwn={isOwn}>
      {texts.person(name)}
    </PersonButton>
  );
}

function Chat({ id }: { readonly id: string }) {
  const chat = useReadableChat(id);
  const isInLink = useContext(InLink);
  return chat === undefined || isInLink ? (
    <span className="mention">{chat === undefined ? texts.unknownChat : texts.chat(chat.name)}</span>
  ) : (
    <a className="mention" href={chatLink(chat)} dir="auto">
      {texts.chat(chat.name)}
    </a>
  );
}
