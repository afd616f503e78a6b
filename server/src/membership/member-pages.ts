import type { MemberRow } from '@fechatter/drizzle';
import { z } from 'zod';
import { pagesOf } from '../page-cursor.ts';

/** Members are listed by user id: it is unique, and none moves while one pages. */
export const memberPages = pagesOf('members', z.uuid(), (row: MemberRow) => row.id);
