CREATE TABLE "key_checks" (
	"key_id" integer PRIMARY KEY NOT NULL,
	"sealed" "bytea" NOT NULL
);
