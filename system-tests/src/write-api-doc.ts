import { writeFileSync } from 'node:fs';
import { apiDoc } from './api-doc.ts';

writeFileSync(new URL('../../docs/api.md', import.meta.url), apiDoc().trimEnd().concat('\n'));
