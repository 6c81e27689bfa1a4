// Makes hits of what is imported, and puts them into the stream of imports.
#pragma once
#include "enrich/enrich.h"
#include "import/access_log.h"
#include "import/hit_lines.h"
#include "intake/message.h"
#include "service/import_stream.h"

// What messages are read with.
typedef struct ImportMessages {
	IntakeRules rules;
	WriteKey key; // a server's, of any past time
	Buf json;
	Arena *arena;       // of one line
	Ordinals *ordinals; // of messages without an id
} ImportMessages;

typedef struct ImportHits {
	const Enricher *enricher;
	ImportStream *stream;
	Slice source;       // of every hit
	Slice site;         // page_host where a line names none; may be empty
	bool is_user_field; // the log's third field names a person
	ImportMessages messages;
} ImportHits;

// An AccessTake; context is an ImportHits. The hit's id is a keyed hash of the line and its ordinal, at the line's time: from
// an id nobody can find out the address in the line by trying.
bool import_hits_take_view(void *context, const AccessView *view, Arena *arena, AccessClass *class, Error *error)
	MUST_USE;

// What HitLines takes its lines with; context is an ImportHits. A message without messageId is known by its text and its
// ordinal, as a line of a log; one without a time is refused, since the time of an import is nobody's.
bool import_hits_take_message(void *context, const Line *line, HitLineVerdict *verdict, Error *error) MUST_USE;
// The messages' part of ImportHits, for hits of this source; the arena is reset for each line.
void import_messages_init(ImportMessages *messages, const Settings *settings, Slice source, Arena *arena,
	Ordinals *ordinals);
void import_messages_free(ImportMessages *messages);
