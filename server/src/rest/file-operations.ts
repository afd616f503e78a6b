import type { Operation } from '@fechatter/rest';

// The routes of files that no procedure has, for the document: their bodies are no JSON.

const id = (name: string, description: string) => ({
  name, in: 'path' as const, required: true, description, schema: { type: 'string', format: 'uuid' },
}); // biome-ignore format: a parameter
const raw = {
  required: true,
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
};
const error = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
const refused = (reasons: string) => ({ description: `Refused: ${reasons}.`, content: error });
const signedOut = refused('`not_signed_in`, `token_invalid`, `token_expired`, `session_revoked`');

const putPart: Operation = {
  operationId: 'file.putPart',
  summary: 'Upload a part of a file',
  description:
    'The raw bytes of a part: `part_size` of them, or what is left in the last part. In any order, several at once, and ' +
    'again after a lost response.',
  tags: ['file'],
  parameters: [
    id('file_id', 'What `POST /api/files` returned.'),
    {
      name: 'n',
      in: 'path',
      required: true,
      description: 'From 1.',
      schema: { type: 'integer', minimum: 1 },
      example: 1,
    },
  ],
  requestBody: raw,
  responses: {
    204: { description: 'The part is stored.' },
    400: refused('`invalid_input` where the file has no such part, `part_size_wrong`'),
    401: signedOut,
    404: refused('`file_not_found`'),
    429: refused('`rate_limited`'),
    503: refused('`files_unavailable`, `busy`, `database_unavailable`'),
  },
};

const upload: Operation = {
  operationId: 'file.upload',
  summary: 'Upload a short file',
  description: 'A whole file of up to 25 MiB as the raw body; its `Content-Type` is taken for the type of the file.',
  tags: ['file'],
  parameters: [
    id('chat_id', 'Where it is going to be sent.'),
    { name: 'name', in: 'query', required: true, schema: { type: 'string', maxLength: 255 }, example: 'notes.txt' },
    { name: 'as_file', in: 'query', required: false, schema: { type: 'boolean' } },
  ],
  requestBody: raw,
  responses: {
    201: {
      description: 'The file: send it with `file_ids` of a message.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/File' } } },
    },
    400: refused('`invalid_input`'),
    401: signedOut,
    403: refused('`not_a_member`, `chat_archived`'),
    404: refused('`chat_not_found`'),
    409: refused('`quota_exceeded`'),
    413: refused('`file_too_large`'),
    429: refused('`rate_limited`'),
    503: refused('`files_unavailable`, `busy`, `database_unavailable`'),
  },
};

const bytes = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const download: Operation = {
  operationId: 'file.download',
  summary: 'Download a file',
  description:
    'For those who can read its message, with a token or a ticket. Ranges, `If-None-Match`, `If-Range` and HEAD work. What ' +
    'is not a picture, sound or film by its first bytes is `application/octet-stream`, to be saved.',
  tags: ['file'],
  security: [{ bearer: [] }, {}],
  parameters: [
    id('file_id', 'Of a message, or not sent yet and your own.'),
    {
      name: 'ticket',
      in: 'query',
      required: false,
      description: 'Of `file.ticket`, in the place of a token.',
      schema: { type: 'string' },
    },
    {
      name: 'thumbnail',
      in: 'query' as const,
      required: false,
      description: '`1`: a small picture of it, as WebP, if the file has `has_thumbnail`.',
      schema: { type: 'string', enum: ['1'] },
    },
    { name: 'Range', in: 'header', required: false, schema: { type: 'string' }, example: 'bytes=0-1023' },
  ],
  responses: {
    200: { description: 'The content.', content: bytes },
    206: { description: 'The range.', content: bytes },
    304: { description: 'It is what `If-None-Match` names.' },
    401: refused('`not_signed_in`, `token_invalid`, `token_expired`, `session_revoked`, `ticket_invalid`'),
    403: refused('`file_infected`'),
    404: refused('`file_not_found`'),
    409: refused('`file_not_ready`'),
    416: { description: 'The range is not in the file.' },
    429: refused('`rate_limited`'),
    503: refused('`busy`, `database_unavailable`'),
  },
};

/** By path and method. */
export const fileOperations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/api/files/{file_id}/parts/{n}': { put: putPart },
  '/api/chats/{chat_id}/files': { post: upload },
  '/f/{file_id}': { get: download },
};
