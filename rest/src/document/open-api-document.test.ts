import { reasons, statusOfCode } from '@fechatter/contract';
import { describe, expect, test } from 'vitest';
import { responseCheck } from '../testing/response-check.ts';
import { gardenRouter } from '../testing/garden.ts';
import { redoclyProblems } from '../testing/redocly.ts';
import type { ResponseObject, Operation } from './open-api.ts';
import { openApiDocument } from './open-api-document.ts';

const document = openApiDocument({
  router: gardenRouter().router,
  title: 'Garden',
  version: '1.0.0',
  description: 'A garden.',
  tags: { garden: 'Beds and plants.', unused: 'Nothing.' },
});
const operation = (path: string, method: string) => document.paths[path]?.[method] as Operation;
const find = operation('/api/beds/{bed_id}/plants', 'get');
const add = operation('/api/beds/{bed_id}/plants', 'post');

test('passes Redocly’s recommended rules without a warning', async () => {
  expect(await redoclyProblems(document)).toEqual([]);
});

test('has the procedures’ text, name and tags', () => {
  expect(find).toMatchObject({ operationId: 'plant.find', summary: 'Tend the garden', tags: ['garden'], security: [] });
  expect(document.tags).toEqual([{ name: 'garden', description: 'Beds and plants.' }]);
  expect(add.security).toBeUndefined();
});

test('an input is split into path, query and body, with the names of the wire', () => {
  expect(find.parameters?.map(({ in: place, name, required }) => [place, name, required])).toEqual([
    ['path', 'bed_id', true],
    ['query', 'min_height', false],
    ['query', 'max_count', false],
    ['query', 'in_bloom', false],
    ['query', 'plant_kinds', false],
    ['query', 'free_text', false],
  ]);
  expect(find.parameters?.at(-1)?.schema).toEqual({ type: 'string' });
  expect(add.parameters?.map(({ name }) => name)).toEqual(['bed_id']);
  expect(add.requestBody).toMatchObject({
    required: true,
    content: {
      'application/json': { schema: { required: ['new_plants'] }, example: { new_plants: [expect.anything()] } },
    },
  });
  expect(operation('/api/rest', 'post')).not.toHaveProperty('requestBody');
});

describe('responses', () => {
  test('have the status of success and those of refusals', () => {
    expect(Object.keys(add.responses)).toEqual(['201', '400', '401', '413', '415', '500', '503']);
    expect(Object.keys(find.responses)).toEqual(['200', '400', '500', '503']);
    expect(operation('/api/plants/{plant_id}', 'delete').responses[204]).toEqual({ description: 'Done.' });
    expect(operation('/api/growth', 'get').responses[200]).toMatchObject({ content: { 'text/event-stream': {} } });
  });

  test('of refused calls have a reason, with an example each', () => {
    const { description, headers, content } = add.responses[503] as ResponseObject;
    expect(description).toBe(
      `- \`busy\`: ${reasons.busy[1]}\n- \`database_unavailable\`: ${reasons.database_unavailable[1]}`,
    );
    expect(Object.keys(headers ?? {})).toEqual(['Retry-After']);
    expect(content?.['application/json']?.examples).toHaveProperty('busy.value.error.reason', 'busy');
    expect(document.components.responses).toHaveProperty('Unauthorized');
  });

  test('of every reason have a status', () => {
    for (const [code] of Object.values(reasons)) expect(statusOfCode[code]).toBeGreaterThanOrEqual(400);
  });
});

test('examples are valid by their schemas', () => {
  const check = responseCheck(document);
  const headers = new Headers({ 'x-request-id': 'r', 'content-type': 'application/json' });
  const { example } = (find.responses[200] as ResponseObject).content?.['application/json'] ?? {};
  const request = { method: 'GET', path: '/api/beds/a/plants' };
  const checked = (body: unknown, status = 200) => check(request, { status, headers, body });
  expect(checked(example)).toEqual([]);
  expect(checked({ ...(example as object), plantsFound: 1 }).join()).toContain('additional properties');
  expect(checked({ plants: [] }).join()).toContain('sought_for');
  expect(checked(example, 404)).not.toEqual([]);
});
