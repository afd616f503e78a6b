import { ContentOrNone, limits } from '@fechatter/contract';
import { z } from 'zod';
import { contentOfSlack } from './slack-text.ts';

/** Of a payload that Slack's programs send; all other keys are ignored. */
const Text = z.union([z.string(), z.number().transform(String)]).nullish();
const Field = z.object({ title: Text, value: Text });
const Attachment = z.object({
  fallback: Text,
  pretext: Text,
  author_name: Text,
  title: Text,
  title_link: Text,
  text: Text,
  fields: z.array(Field).max(100).nullish(),
  footer: Text,
});
const Payload = z.object({ text: Text, attachments: z.array(Attachment).max(100).nullish() });

/** Slack's words for what is wrong with a payload. */
export type SlackProblem = 'invalid_payload' | 'no_text' | 'msg_too_long';

/** The content of the message that a payload describes: its text, and its attachments as text below it. */
export function contentOfPayload(payload: unknown): { readonly content: string } | { readonly problem: SlackProblem } {
  const read = Payload.safeParse(payload);
  if (!read.success) return { problem: 'invalid_payload' };
  const { text, attachments } = read.data;
  const parts = [text, ...(attachments ?? []).map(textOf)].flatMap((part) => (part ? [contentOfSlack(part)] : []));
  const content = parts.join('\n').trim();
  if (content === '') return { problem: 'no_text' };
  if (content.length > limits.contentMaxChars) return { problem: 'msg_too_long' };
  return ContentOrNone.safeParse(content).success ? { content } : { problem: 'invalid_payload' };
}

function textOf({ fallback, fields, title, title_link: link, ...attachment }: z.infer<typeof Attachment>): string {
  const { pretext, author_name: author, text, footer } = attachment;
  const heading = title && link ? `<${link}|${title}>` : title;
  const facts = (fields ?? []).map((field) => [field.title, field.value].filter(Boolean).join(': '));
  const lines = [pretext, author, heading, text, ...facts, footer].filter(Boolean);
  return lines.length > 0 ? lines.join('\n') : (fallback ?? '');
}
