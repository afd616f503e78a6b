const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a name is the id of an object. An id is part of a path or a key: only UUIDs are accepted. */
export const isObjectId = (name: string): boolean => UUID.test(name);
