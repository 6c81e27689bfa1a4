// What protects people: the keys of their addresses.
#include "base/clock.h"
#include "base/hex.h"
#include "base/progress.h"
#include "command/commands.h"
#include "service/database.h"
#include "service/ip_rotation.h"
#include "sql/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool ring_open(const CommandContext *context, IpRing *ring, Error *error)
{
	const char *path = context->settings->ip_encryption_key_file;
	if (path[0] != '\0')
		return ip_ring_read(path, ring, error);
	return error_set(error, ERROR_BAD_INPUT,
		"no address is encrypted: the setting ip_encryption_key_file names no file with keys");
}

// ── rotate-keys ──

static bool rotate(const CommandContext *context, const IpRing *ring, PgConn *conn, IpRotation *rotation, Error *error)
{
	Progress progress;
	bool is_done = false;
	bool is_ok = ip_rotation_begin(rotation, ring, conn, error);
	progress_begin(&progress, "rotate-keys", context->is_quiet);
	while (is_ok && !is_done)
	{
		is_ok = ip_rotation_step(rotation, &is_done, error);
		progress_update(&progress, (uint64_t) rotation->seen, (uint64_t) rotation->all, NULL);
	}
	progress_end(&progress);
	ip_rotation_end(rotation);
	return is_ok;
}

static void ids_write(const IpRing *ring, const char *separator, const char *quote, char *text, size_t size)
{
	size_t at = 0;
	text[0] = '\0';
	for (size_t key = 0; key + 1 < ring->count && at < size; key++)
	{
		char id[2 * IP_KEY_ID_SIZE + 1];
		hex_write(ring->ids[key], IP_KEY_ID_SIZE, id);
		at += (size_t) snprintf(text + at, size - at, "%s%s%s%s", key == 0 ? "" : separator, quote, id, quote);
	}
}

// Hits under an old key may still be loaded: from the buffer, and once more from what it keeps for a restored database.
static void rotation_print(const CommandContext *context, const IpRing *ring, const IpRotation *rotation)
{
	const Settings *settings = context->settings;
	char newest[2 * IP_KEY_ID_SIZE + 1];
	char old[IP_RING_KEYS_MAX * (2 * IP_KEY_ID_SIZE + 4)];
	char needed[CLOCK_ISO8601_SIZE];
	hex_write(ring->ids[ring->count - 1], IP_KEY_ID_SIZE, newest);
	ids_write(ring, context->is_json ? "," : ", ", context->is_json ? "\"" : "", old, sizeof old);
	clock_format_iso8601(clock_now_ms() + settings->buffer_keep_hours * CLOCK_HOUR_MS, needed);
	if (context->is_json)
		(void) printf("{\"key\":\"%s\",\"encrypted\":%" PRId64 ",\"unknown\":%" PRId64 ",\"broken\":%" PRId64
					  ",\"old_keys\":[%s],\"old_keys_needed_until\":%s%s%s}\n",
			newest, rotation->resealed, rotation->unknown, rotation->broken, old, ring->count > 1 ? "\"" : "",
			ring->count > 1 ? needed : "null", ring->count > 1 ? "\"" : "");
	else if (!context->is_quiet)
	{
		(void) printf("%" PRId64 " addresses encrypted anew, with key %s\n", rotation->resealed, newest);
		if (ring->count > 1)
			(void) printf(
				"Old keys in %s: %s.\nThey may be removed from it when this command, run again after %s, finds "
				"nothing left to do.\nUntil then the buffer may hold hits under them, and every collector has to "
				"be reloaded (SIGHUP) to use the new one.\n",
				settings->ip_encryption_key_file, old, needed);
		else
			(void)
				printf("%s has no other key. For a new one, run `openssl rand -hex 32 >> %s`, reload every collector "
					   "(SIGHUP), and run this again.\n",
					settings->ip_encryption_key_file, settings->ip_encryption_key_file);
	}
}

static bool rotate_keys(CommandContext *context, Error *error)
{
	IpRing ring = {0};
	IpRotation rotation;
	PgConn *conn = NULL;
	bool is_ok = command_end(context, error) && ring_open(context, &ring, error)
		&& service_connect(context->settings, "sojourn privacy", &conn, error)
		&& rotate(context, &ring, conn, &rotation, error);
	pg_close(conn);
	if (is_ok)
		rotation_print(context, &ring, &rotation);
	ip_ring_wipe(&ring);
	if (!is_ok || rotation.unknown + rotation.broken == 0)
		return is_ok;
	return error_set(error, ERROR_CORRUPT,
		"%" PRId64 " addresses are encrypted with keys that %s does not have, and %" PRId64
		" are damaged; they stay as they are: put the keys back and run this again, or give them up",
		rotation.unknown, context->settings->ip_encryption_key_file, rotation.broken);
}

// ── decrypt-ip ──

static bool address_print(const CommandContext *context, const IpRing *ring, const char *session, Slice hex,
	Error *error)
{
	Address address;
	char text[ADDRESS_TEXT_SIZE];
	IpSealState state = ip_ring_open(ring, hex_decode(context->arena, hex), &address);
	if (state == IP_SEAL_UNKNOWN)
		return error_set(error, ERROR_NOT_FOUND,
			"the address of session %s is encrypted with a key that %s does not have", session,
			context->settings->ip_encryption_key_file);
	if (state == IP_SEAL_BROKEN)
		return error_set(error, ERROR_CORRUPT, "the encrypted address of session %s is damaged", session);
	address_write(&address, text);
	if (context->is_json)
		(void) printf("{\"session\":\"%s\",\"ip\":\"%s\"}\n", session, text);
	else
		(void) puts(text);
	return true;
}

static bool session_print(const CommandContext *context, const IpRing *ring, PgConn *conn, const char *session,
	Error *error)
{
	PgResult *result = NULL;
	if (!pg_query(conn, sql_command_session_ip, (PgParam[]){pg_param(session)}, 1, &result, error))
		return false;
	bool is_ok = pg_rows(result) > 0 || error_set(error, ERROR_NOT_FOUND, "there is no session %s", session);
	if (is_ok && pg_is_null(result, 0, 0))
		is_ok = error_set(error, ERROR_NOT_FOUND, "session %s has no encrypted address", session);
	is_ok = is_ok && address_print(context, ring, session, pg_text(result, 0, 0), error);
	pg_result_free(result);
	return is_ok;
}

static bool decrypt_ip(CommandContext *context, Error *error)
{
	const char *session = command_argument(context);
	IpRing ring = {0};
	PgConn *conn = NULL;
	Uuid id;
	if (session == NULL || !uuid_parse(slice_from(session), &id))
		return command_misused(context, error, "whose address? say the id of a session");
	bool is_ok = command_end(context, error) && ring_open(context, &ring, error)
		&& service_connect(context->settings, "sojourn privacy", &conn, error)
		&& session_print(context, &ring, conn, session, error);
	pg_close(conn);
	ip_ring_wipe(&ring);
	return is_ok;
}

bool command_privacy(CommandContext *context, Error *error)
{
	const char *verb = command_argument(context);
	if (verb != NULL && strcmp(verb, "rotate-keys") == 0)
		return rotate_keys(context, error);
	if (verb != NULL && strcmp(verb, "decrypt-ip") == 0)
		return decrypt_ip(context, error);
	return command_misused(context, error, "what about privacy?");
}
