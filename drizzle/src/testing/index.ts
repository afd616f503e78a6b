export { accessOf, rolePasswords } from './service-access.ts';
export { databaseOfLanguage, type TestDatabase, testDatabase } from './test-database.ts';
