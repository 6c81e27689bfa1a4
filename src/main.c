#include "command/commands.h"

static const Command commands[] = {
	{"up", "[--demo]", "a private PostgreSQL, migrated, and everything that serves; for one machine", command_up},
	{"serve", "[--role collector,worker,analytics]", "the same on the configured database", command_serve},
	{"migrate", "[--engine postgres] [--status | --months FROM TO | --pg-cron | --no-pg-cron]",
		"brings the schema forward, or shows where it stands; makes months of the past; gives jobs to pg_cron",
		command_migrate},
	{"psql", "[-- ARGS]", "PostgreSQL's client, on our database and schema", command_psql},
	{"status", "", "every part, its lag and its health", command_status},
	{"import",
		"access-log FILE… [--format combined|common] [--site HOST] [--user-field] | hits FILE…, with [--source NAME] "
		"[--no-wait]",
		"access logs and JSON Lines of hits, gzip and zstd too; - is standard input", command_import},
	{"explain-hit",
		"FILE [--key browser|server] [--source NAME] [--ip ADDRESS] [--header \"NAME: VALUE\"]… [--now TIME]",
		"what each step makes of a message, a batch or JSON Lines of them; - is standard input", command_explain_hit},
	{"quarantine", "list [--after ID] [--limit N] | retry ID|all | drop ID|all",
		"hits that could not be stored, with their reasons", command_quarantine},
	{"reclassify", "[--from TIME] [--to TIME] [--dry-run]",
		"referrers' categories and channels of what is stored, by the rules of today", command_reclassify},
	{"jobs", "[list | run NAME [--no-wait]]", "what runs when and how it went; or one of them now", command_jobs},
	{"check", "", "checks of the data, run now: whether what is stored can be believed", command_check},
	{"key", "create NAME [--kind browser --origins LIST | --kind server [--allow-old]] [--rate N] | list | revoke NAME",
		"write keys of the collector", command_key},
	{"person",
		"status ID | export ID | erase ID | anonymize ID [--mode pseudonymous|anonymous]"
		" | consent ID [--analytics yes|no] [--marketing yes|no] [--source TEXT]",
		"what is held about one person, and where; all of it, as JSON Lines; all of it gone; or nobody's; what they "
		"said yes and no to",
		command_person},
	{"privacy", "rotate-keys | decrypt-ip SESSION",
		"stored addresses encrypted anew with the newest key, or one of them decrypted", command_privacy},
	{"report",
		"--list | NAME [--from TIME] [--to TIME] [--tz ZONE] [--filter NAME:VALUE;…] [--format table|json|csv] …",
		"any report of the API, from the database; --list says which there are and what each takes", command_report},
	{"rollup", "[--verify [--from DAY] [--to DAY] [--limit N] [--no-refresh]]",
		"brings the figures that reports are made of up to date now; or counts them a second way, and shows what "
		"differs",
		command_rollup},
	{"token", "create NAME [--role viewer|privacy|admin] [--days N] [--password | --link] | list | revoke ID",
		"tokens of the API, passwords and links to sign in with", command_token},
	{"config", "show | check | sample", "every setting, its value and where it comes from", command_config,
		.is_lenient = true},
	{.name = NULL},
};

int main(int argc, char **argv)
{
	return command_main(commands, argc, argv);
}
