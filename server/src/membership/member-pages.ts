import type { MemberRow } from '@fechatter/drizzle';
import { z } from 'zod';
import { pagesOf } from '../page-cursor.ts';

/** Members are listed by user id: it is unique, and no entry moves while a client reads pages. */
export const memberPages = pagesOf('members', z.uuid(), (row: MemberRow) => row.id);
