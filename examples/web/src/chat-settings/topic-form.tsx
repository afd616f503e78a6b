import type { ChatRow } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { Field, Form, textOf } from '../ui/form.tsx';
import { Select } from '../ui/select.tsx';
import { texts } from './texts.ts';

const TOPIC_MAX_CHARS = 250;

/** What a conversation is for, and who writes in it. */
export function TopicForm({ chat: { id: chatId, topic, whoPosts } }: { readonly chat: ChatRow }) {
  const save = (fields: FormData) =>
    chatter.chat.update.mutate({
      chatId,
      topic: textOf(fields, 'topic') || null,
      whoPosts: textOf(fields, 'whoPosts') === 'Admins' ? 'Admins' : 'All',
    });
  return (
    // With what was changed in another window.
    <Form key={`${whoPosts} ${topic}`} submit={texts.save} onSubmit={save}>
      <Field
        label={texts.topic}
        name="topic"
        defaultValue={topic ?? ''}
        maxLength={TOPIC_MAX_CHARS}
        hint={texts.topicHint}
      />
      <Select label={texts.whoPosts} name="whoPosts" options={texts.whoPostsOptions} defaultValue={whoPosts} />
    </Form>
  );
}
