export { accessOf, rolePasswords } from './service-access.ts';
export { databaseOfLanguage, emptyDatabase, type TestDatabase, testDatabase } from './test-database.ts';
