// Requests to erase a person, or to make them nobody: asked for here, carried out by work.h.
#pragma once
#include "base/arena.h"
#include "pg/conn.h"

typedef enum PrivacyAction { PRIVACY_ERASE, PRIVACY_PSEUDONYMOUS, PRIVACY_ANONYMOUS } PrivacyAction;
#define PRIVACY_ACTION_COUNT 3

const char *privacy_action_name(PrivacyAction action);
bool privacy_action_parse(Slice name, PrivacyAction *action) MUST_USE;
bool privacy_action_is_erase(PrivacyAction action);

// Asks the worker; what is asked for already is asked for once. who: who asks, as the log shall name them. ERROR_CONFLICT where
// another action is open for the person.
bool privacy_ask(PgConn *conn, int64_t person, PrivacyAction action, const char *who, Error *error) MUST_USE;
// Where it stands, as a JSON object in the arena (docs/reference/api.md): of erasing, or of making nobody.
bool privacy_state(PgConn *conn, int64_t person, bool is_erase, Arena *arena, Slice *state, Error *error) MUST_USE;
