import { randomBytes } from 'node:crypto';

const FORM = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/** 128 random bits, written as Postgres writes a UUID: the stream id of another session cannot be guessed. */
export const newStreamId = (): string => randomBytes(16).toString('hex').replace(FORM, '$1-$2-$3-$4-$5');

/** Whether a text can be the id of a stream. */
export const isStreamId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
