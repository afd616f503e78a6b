export { databaseOfLanguage, type TestDatabase, testDatabase } from './test-database.ts';
