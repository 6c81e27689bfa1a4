#include "intake/intake.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/metric.h"
#include "intake/answer.h"
#include "intake/compact.h"
#include "intake/route.h"
#include "intake/sender.h"

#include <inttypes.h>
#include <string.h>

// The largest request that is worth taking has some 300 thousand values.
#define TREE_SIZE_MAX ((size_t) 64 * 1024 * 1024)
#define SCRATCH_SIZE_MAX ((size_t) 4 * 1024 * 1024)
#define KEPT_SIZE_MAX ((size_t) 1024 * 1024) // arenas above this are given back after the request
// A refusal is longer than the shortest message. What is sent in good faith stays below this even if all of it is refused.
#define ANSWER_SIZE_MAX ((size_t) 4 * 1024 * 1024)
#define WAITING_SIZE_MAX ((size_t) 64 * 1024 * 1024) // of the answers that wait for the sync
// Times request_bytes_max: what a batch says of all its messages is looked through for each of them, while everybody waits.
#define SHARED_TIMES_MAX ((size_t) 16)

static Metric metric_accepted =
	METRIC_COUNTER_INIT("sojourn_hits_accepted_total", "Hits that were answered with success.", NULL);
static Metric metric_lost = METRIC_COUNTER_INIT("sojourn_hits_unsynced_total",
	"Hits that were taken but not made durable in time; their senders were asked to send again.", NULL);

typedef struct Waiting {
	HttpRequest *request;
	Slice body;
	int64_t hit_count;
} Waiting;

struct Intake {
	IntakeOptions options;
	Pressure *pressure;
	Arena tree;    // of the request being read
	Arena scratch; // of the message being read
	Buf json;      // of the message being read
	Buf answer;    // of the request being read
	Waiting *waiting;
	size_t waiting_count;
	size_t waiting_capacity;
	size_t waiting_bytes; // of their bodies
};

// What one request comes to.
typedef struct Turn {
	Intake *intake;
	HttpRequest *request;
	const WriteKey *key;
	const JsonValue *root;
	IntakeRules rules;
	IntakeSender sender;
	bool is_compact; // the tracker's own writing
	bool is_skewed;  // it was refused for its clock
	int64_t sent_ms; // by that clock
	int64_t accepted;
	Error error; // of the sink: answers the whole request
} Turn;

bool intake_open(const IntakeOptions *options, Intake **intake, Error *error)
{
	Intake *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "No memory for the intake.");
	const PressureOptions pressure = {options->settings, options->keys, options->look, options->context};
	if (!pressure_open(&pressure, &opened->pressure, error))
	{
		memory_free(opened);
		return false;
	}
	opened->options = *options;
	arena_init(&opened->tree, TREE_SIZE_MAX);
	arena_init(&opened->scratch, SCRATCH_SIZE_MAX);
	buf_init(&opened->json, (size_t) options->settings->hit_bytes_max * 6 + 64); // a control byte becomes \u00XX
	buf_init(&opened->answer, ANSWER_SIZE_MAX);
	*intake = opened;
	return true;
}

void intake_close(Intake *intake)
{
	if (intake == NULL)
		return;
	pressure_close(intake->pressure);
	arena_free(&intake->tree);
	arena_free(&intake->scratch);
	buf_free(&intake->json);
	buf_free(&intake->answer);
	memory_free(intake->waiting);
	memory_free(intake);
}

static IntakeSender sender_of(const HttpRequest *request, const Settings *settings, const WriteKey *key, int64_t now_ms)
{
	SenderHeader headers[SENDER_HEADERS_MAX];
	size_t count = 0;
	while (count < SENDER_HEADERS_MAX && http_header_at(request, count, &headers[count].name, &headers[count].value))
		count++;
	return sender_make(settings, key, headers, count, http_peer_address(request), now_ms);
}

// False when the whole request must be answered with turn->error.
static bool message_take(Turn *turn, const JsonValue *value, const JsonValue *envelope, MessageKind kind, size_t index)
{
	Intake *intake = turn->intake;
	IntakeMessage message;
	arena_reset(&intake->scratch);
	Refusal refusal =
		message_read(&turn->rules, &turn->sender, value, envelope, kind, &intake->scratch, &intake->json, &message);
	if (refusal == REFUSAL_NONE && !intake->options.take(intake->options.context, &message, &turn->error))
	{
		// A disk that fails is our trouble and may pass, so the client is asked to come again.
		if (error_http_status(turn->error.code) == 500)
			return error_set(&turn->error, ERROR_BUSY, "The hits could not be kept; send them again.");
		if (turn->error.code != ERROR_TOO_LARGE && turn->error.code != ERROR_BAD_INPUT)
			return false;
		refusal = turn->error.code == ERROR_TOO_LARGE ? REFUSAL_TOO_LARGE : REFUSAL_BAD_VALUE;
	}
	if (refusal == REFUSAL_NONE)
	{
		turn->accepted++;
		return true;
	}
	refusal_count(refusal);
	turn->is_skewed |= turn->is_compact && refusal == REFUSAL_CLOCK_SKEW;
	answer_reject(&intake->answer, index, refusal, turn->sender.now_ms);
	return true;
}

// The tracker hears of nothing but its clock: the milliseconds that it has to add.
static Slice turn_body(const Turn *turn)
{
	if (!turn->is_skewed)
		return answer_body(&turn->intake->answer);
	return arena_format(http_arena(turn->request), "%" PRId64, turn->sender.now_ms - turn->sent_ms);
}

static bool messages_take(Turn *turn, MessageKind kind)
{
	if (kind != MESSAGE_UNKNOWN)
		return message_take(turn, turn->root, NULL, kind, 0);
	size_t index = 0;
	for (const JsonValue *value = json_get(turn->root, "batch")->first; value != NULL; value = value->next)
	{
		if (!message_take(turn, value, turn->root, MESSAGE_UNKNOWN, index++))
			return false;
	}
	return true;
}

static bool waiting_grow(Intake *intake)
{
	if (intake->waiting_count < intake->waiting_capacity)
		return true;
	size_t capacity = intake->waiting_capacity == 0 ? 256 : intake->waiting_capacity * 2;
	Waiting *waiting = memory_resize(intake->waiting, capacity * sizeof *waiting);
	if (waiting == NULL)
		return false;
	intake->waiting = waiting;
	intake->waiting_capacity = capacity;
	return true;
}

// All messages are read. With hits among them the request waits for the sync, without it is answered at once.
static void turn_end(Turn *turn)
{
	Intake *intake = turn->intake;
	Slice body = turn_body(turn);
	if (!buf_is_ok(&intake->answer) || body.data == NULL)
	{
		(void) error_set(&turn->error, ERROR_TOO_LARGE, "Too many of the messages are refused to name them all.");
		http_respond_error(turn->request, &turn->error);
		return;
	}
	if (turn->accepted == 0)
	{
		http_respond(turn->request, 200, "application/json", body);
		return;
	}
	if (intake->answer.size > WAITING_SIZE_MAX - intake->waiting_bytes)
		body = SLICE_NONE;
	else if (intake->answer.size > 0 && !turn->is_skewed)
		body = arena_copy(http_arena(turn->request), body);
	if (body.data == NULL || !waiting_grow(intake))
	{
		(void) error_set(&turn->error, ERROR_BUSY, "There is no memory to let the request wait.");
		http_respond_error(turn->request, &turn->error);
		return;
	}
	intake->waiting_bytes += intake->answer.size;
	intake->waiting[intake->waiting_count++] = (Waiting){turn->request, body, turn->accepted};
}

// Of the context that the messages of a batch share, once for each.
static size_t shared_bytes(const Turn *turn, MessageKind kind, int64_t hits)
{
	if (kind != MESSAGE_UNKNOWN)
		return 0;
	return message_size(json_get(turn->root, "context"), turn->rules.hit_bytes_max) * (size_t) hits;
}

// The request is well-formed and its key known: it is taken, unless it has to wait.
static void turn_take(Turn *turn, MessageKind kind)
{
	Pressure *pressure = turn->intake->pressure;
	int64_t hits = kind == MESSAGE_UNKNOWN ? (int64_t) json_get(turn->root, "batch")->count : 1;
	size_t shared = shared_bytes(turn, kind, hits);
	const PressureRequest asked = {.key = turn->key,
		.ip = turn->sender.ip,
		.hits = hits,
		.bytes = http_body(turn->request).size + shared};
	int64_t retry_seconds = 0;
	if (shared > SHARED_TIMES_MAX * (size_t) turn->intake->options.settings->request_bytes_max)
	{
		(void) error_set(&turn->error, ERROR_TOO_LARGE,
			"The context of the batch is too large for so many messages; send them in smaller batches.");
		http_respond_error(turn->request, &turn->error);
		return;
	}
	if (!pressure_begin(pressure, &asked, clock_monotonic_us(), &retry_seconds, &turn->error))
	{
		http_respond_error_retry(turn->request, &turn->error, retry_seconds);
		return;
	}
	bool is_taken = messages_take(turn, kind);
	pressure_end(pressure, &asked);
	if (is_taken)
		turn_end(turn);
	else
		http_respond_error(turn->request, &turn->error);
}

static void refuse(HttpRequest *request, ErrorCode code, const char *sentence)
{
	Error error;
	(void) error_set(&error, code, "%s", sentence);
	http_respond_error(request, &error);
}

// The key of the Authorization header; SLICE_NONE where there is none.
static Slice key_of_header(HttpRequest *request)
{
	Slice user = SLICE_NONE;
	Slice password = SLICE_NONE;
	return http_basic_authorization(request, &user, &password) ? user : SLICE_NONE;
}

// Answers where the key is unknown or its origin not allowed. SLICE_NONE: no key was given.
static const WriteKey *key_check(Intake *intake, HttpRequest *request, Slice given)
{
	const WriteKey *key = keys_find(intake->options.keys, given);
	Slice origin = http_header(request, "origin");
	if (key == NULL)
	{
		answer_set_cors(request, origin, keys_allow_origin(intake->options.keys, origin));
		refuse(request, ERROR_UNAUTHORIZED,
			given.size == 0 ? "The request names no write key, neither in Authorization nor in writeKey."
							: "The write key is not known.");
		return NULL;
	}
	bool is_allowed = origin.size == 0 || key_allows_origin(key, origin);
	answer_set_cors(request, origin, is_allowed);
	if (key->kind == KEY_SERVER || is_allowed)
		return key;
	refuse(request, ERROR_FORBIDDEN, "The write key may not be used from this origin.");
	return NULL;
}

// The key in the body, of the batch or else of its first message.
static Slice key_of_body(const JsonValue *root)
{
	Slice key = json_string(json_get(root, "writeKey"));
	const JsonValue *batch = json_get(root, "batch");
	if (key.data == NULL && json_is_array(batch))
		key = json_string(json_get(batch->first, "writeKey"));
	return key;
}

static bool body_parse(Turn *turn, MessageKind kind)
{
	Arena *tree = &turn->intake->tree;
	JsonValue *root = NULL;
	if (!json_parse(http_body(turn->request), tree, &root, &turn->error))
		return false;
	turn->is_compact = kind == MESSAGE_UNKNOWN && compact_is(root);
	turn->root = turn->is_compact ? compact_read(root, tree, &turn->sent_ms) : root;
	return turn->root != NULL || error_set(&turn->error, ERROR_TOO_LARGE, "The batch has too many values.");
}

static void hits_handle(Intake *intake, HttpRequest *request, MessageKind kind, int64_t now_ms)
{
	Turn turn = {.intake = intake, .request = request};
	Slice given = key_of_header(request);
	if (given.size > 0)
	{
		turn.key = key_check(intake, request, given);
		if (turn.key == NULL)
			return;
	}
	bool is_parsed = body_parse(&turn, kind);
	if (!is_parsed && turn.key == NULL) // whose it is nobody will know
	{
		Slice origin = http_header(request, "origin");
		answer_set_cors(request, origin, keys_allow_origin(intake->options.keys, origin));
	}
	if (is_parsed && turn.key == NULL)
	{
		turn.key = key_check(intake, request, key_of_body(turn.root));
		if (turn.key == NULL)
			return;
	}
	bool is_shaped =
		json_is_object(turn.root) && (kind != MESSAGE_UNKNOWN || json_is_array(json_get(turn.root, "batch")));
	if (is_parsed && !is_shaped)
		is_parsed = error_set(&turn.error, ERROR_BAD_INPUT, "%s",
			kind == MESSAGE_UNKNOWN ? "A batch is an object with the messages in an array named batch."
									: "The message is no JSON object.");
	if (!is_parsed)
	{
		http_respond_error(request, &turn.error);
		return;
	}
	turn.rules = message_rules(intake->options.settings, intake->options.identify_secret);
	turn.sender = sender_of(request, intake->options.settings, turn.key, now_ms);
	turn_take(&turn, kind);
}

static void settings_handle(Intake *intake, HttpRequest *request, Slice key_text)
{
	Slice origin = http_header(request, "origin");
	const WriteKey *key = keys_find(intake->options.keys, key_text);
	if (key == NULL || key->kind != KEY_BROWSER)
	{
		answer_set_cors(request, origin, keys_allow_origin(intake->options.keys, origin));
		refuse(request, ERROR_NOT_FOUND, "The write key is not known.");
		return;
	}
	answer_set_cors(request, origin, key_allows_origin(key, origin));
	bool is_https = intake->options.settings->trusted_proxy_hops > 0
		&& slice_equal_ignoring_case(http_header(request, "x-forwarded-proto"), SLICE_LITERAL("https"));
	answer_settings(request, key->key, is_https);
}

static void arena_clear(Arena *arena)
{
	if (arena->size > KEPT_SIZE_MAX)
		arena_free(arena);
	else
		arena_reset(arena);
}

static void route_handle(Intake *intake, HttpRequest *request, const Route *route, int64_t now_ms)
{
	HttpMethod method = http_method(request);
	bool is_get = method == HTTP_GET || method == HTTP_HEAD;
	if (route->kind == ROUTE_NONE)
		refuse(request, ERROR_NOT_FOUND, "There is nothing at this path.");
	else if (method == HTTP_OPTIONS)
	{
		Slice origin = http_header(request, "origin");
		answer_preflight(request, keys_allow_origin(intake->options.keys, origin));
	}
	else if (route->kind == ROUTE_HITS ? method != HTTP_POST : !is_get)
	{
		http_set_header(request, "Allow", route->kind == ROUTE_HITS ? "POST, OPTIONS" : "GET, HEAD, OPTIONS");
		http_respond(request, 405, "text/plain", SLICE_LITERAL("The method is not allowed here.\n"));
	}
	else if (route->kind == ROUTE_HEALTH)
		http_respond(request, 200, "application/json", SLICE_LITERAL("{\"status\":\"ok\"}"));
	else if (route->kind == ROUTE_ROOT) // for a person who opens the printed address
		http_respond(request, 200, "text/plain",
			SLICE_LITERAL("This is Sojourn's collector. It takes hits at /v1/batch, in the shape of the Segment HTTP "
						  "tracking API.\n"));
	else if (route->kind == ROUTE_SETTINGS)
		settings_handle(intake, request, route->key);
	else
		hits_handle(intake, request, route->message, now_ms);
}

void intake_handle(HttpRequest *request, void *context)
{
	Intake *intake = context;
	int64_t now_ms = clock_now_ms();
	keys_refresh(intake->options.keys, now_ms);
	buf_reset(&intake->answer);
	Route route = route_find(http_path(request), slice_from(intake->options.settings->collect_path));
	route_handle(intake, request, &route, now_ms);
	arena_clear(&intake->tree);
	arena_clear(&intake->scratch);
	if (intake->answer.capacity > KEPT_SIZE_MAX)
		buf_free(&intake->answer);
}

void intake_refusal(HttpRequest *request, void *context)
{
	const Intake *intake = context;
	Slice origin = http_header(request, "origin");
	answer_set_cors(request, origin, keys_allow_origin(intake->options.keys, origin));
}

void intake_flush(Intake *intake, bool is_synced)
{
	size_t count = intake->waiting_count;
	intake->waiting_count = 0;
	intake->waiting_bytes = 0;
	for (size_t at = 0; at < count; at++)
	{
		Waiting *waiting = &intake->waiting[at];
		if (is_synced)
		{
			metric_add(&metric_accepted, waiting->hit_count);
			http_respond(waiting->request, 200, "application/json", waiting->body);
			continue;
		}
		metric_add(&metric_lost, waiting->hit_count);
		refuse(waiting->request, ERROR_BUSY, "The hits could not be made durable; send them again.");
	}
}

size_t intake_waiting(const Intake *intake)
{
	return intake->waiting_count;
}
