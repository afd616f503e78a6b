import { expect, test } from 'vitest';
import { testConfig } from '../testing/index.ts';
import { configFolder } from '../testing/test-config-folder.ts';

const { fileWith, problemsWith } = configFolder();
const whole = {
  FECHATTER_FILES_STORE: 's3',
  FECHATTER_FILES_S3_ENDPOINT: 'https://s3.example.com',
  FECHATTER_FILES_S3_BUCKET: 'files',
  FECHATTER_FILES_S3_ACCESS_KEY_ID: 'an-id',
  FECHATTER_FILES_S3_SECRET_ACCESS_KEY: 'hunter2',
};

test('S3 is given as a whole or not at all, also where new files go to the folder', () => {
  expect(problemsWith({ FECHATTER_FILES_STORE: 's3' })).toHaveLength(4);
  const { FECHATTER_FILES_S3_BUCKET: _, ...without } = whole;
  const missing = 'files.s3.bucket: not given, expected beside the other settings of S3';
  expect(problemsWith(without)).toEqual([missing]);
  expect(problemsWith({ ...without, FECHATTER_FILES_STORE: 'folder' })).toEqual([missing]);
  expect(problemsWith(whole)).toEqual([]);
});

test.each([
  { FECHATTER_FILES_S3_ENDPOINT: 'ftp://s3.example.com' },
  { FECHATTER_FILES_S3_ENDPOINT: 'https://someone@s3.example.com' },
  { FECHATTER_FILES_S3_BUCKET: '../other' },
  { FECHATTER_FILES_S3_PREFIX: '/../' },
])('%o is refused', (wrong) => {
  expect(problemsWith({ ...whole, ...wrong })[0]).toContain(Object.keys(wrong)[0]);
});

test('its keys can be in files, and never reach notify', () => {
  const file = fileWith('a secret key\n', 'secret');
  const env = { ...whole, FECHATTER_FILES_S3_SECRET_ACCESS_KEY: '', FECHATTER_FILES_S3_SECRET_ACCESS_KEY_FILE: file };
  expect(testConfig('server', env).files.s3.secretAccessKey).toBe('a secret key');
  expect(Object.keys(testConfig('notify', env).files.s3).sort()).toEqual([
    'bucket',
    'endpoint',
    'pathStyle',
    'prefix',
    'region',
  ]);
});
