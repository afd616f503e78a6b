import { useEmoji } from '@fechatter/client/react';
import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Glyph } from '../emoji/glyph.tsx';
import { Details } from '../ui/details.tsx';
import { Field, Form, Problem, textOf } from '../ui/form.tsx';
import { Refusal } from '../ui/refusal.ts';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';

const NAME = /^[a-z0-9_]{2,32}$/;
const PICTURE_MAX_BYTES = 1_048_576;

/** The workspace's own emoji, for its Admins: what another Admin changes shows at once. */
export function EmojiList({ workspaceId }: { readonly workspaceId: string }) {
  const names = [...(useEmoji(workspaceId)?.keys() ?? [])].toSorted();
  const { run, problem } = useCall();
  const [made, setMade] = useState(0);

  async function create(fields: FormData): Promise<void> {
    const [name, content] = [textOf(fields, 'name').replaceAll(':', ''), fields.get('picture')];
    if (!NAME.test(name)) throw new Refusal(texts.nameWrong);
    if (!(content instanceof File) || content.size === 0) throw new Refusal(texts.noPicture);
    if (content.size > PICTURE_MAX_BYTES) throw new Refusal(texts.tooLarge);
    const { createFiles } = await import('@fechatter/client/files');
    await createFiles(chatter).createEmoji({ workspaceId, name, content });
    setMade((before) => before + 1);
  }
  return (
    <div className="stack">
      <p className="quiet">{texts.intro}</p>
      <Problem text={problem} />
      {names.length === 0 && <p className="quiet">{texts.none}</p>}
      <ul className="rows">
        {names.map((name) => (
          <li key={name}>
            <Glyph emoji={`:${name}:`} workspaceId={workspaceId} />
            <span className="name">{`:${name}:`}</span>
            <SureButton
              question={texts.deleteSure}
              label={texts.deleteName(name)}
              className=""
              onSure={() => run(() => chatter.emoji.delete.mutate({ workspaceId, name }))}
            >
              {texts.delete}
            </SureButton>
          </li>
        ))}
      </ul>
      <Details summary={texts.new}>
        {/* Emptied when one was made. */}
        <Form key={made} submit={texts.create} onSubmit={create}>
          <Field label={texts.name} name="name" hint={texts.nameHint} required autoComplete="off" />
          <Field
            label={texts.picture}
            name="picture"
            type="file"
            accept="image/png,image/jpeg,image/gif,image/webp,image/avif"
            hint={texts.pictureHint}
            required
          />
        </Form>
      </Details>
    </div>
  );
}
